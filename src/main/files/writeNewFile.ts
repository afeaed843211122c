import { link, open, rename, rm } from "node:fs/promises";
import { dirname } from "node:path";

import { LabError } from "#shared/labError.ts";

import { getErrorCode, toDiskError } from "./diskError.ts";
import { syncFolder } from "./syncFolder.ts";
import { nameTemporaryFile } from "./temporaryFiles.ts";
import { writeDurably } from "./writeFileAtomically.ts";

/** What file systems without hard links answer (those of memory cards and some network folders). */
const NO_LINKS: ReadonlySet<string | null> = new Set(["EPERM", "ENOTSUP", "EOPNOTSUPP", "ENOSYS", "EMLINK", "EINVAL"]);

/**
 * Writes a file that must not exist yet, as a whole or not at all. Of several that write it at once, exactly one succeeds.
 * Throws LabError `bad_config` where it exists, and as `writeFileAtomically` does, and leaves nothing behind.
 */
export async function writeNewFile(file: string, content: Uint8Array | string): Promise<void> {
  const folder = dirname(file);
  const temporary = await nameTemporaryFile(folder);
  try {
    await writeDurably(temporary, content);
    await giveNewName(temporary, file);
    await syncFolder(folder);
  } catch (cause) {
    if (getErrorCode(cause) === "EEXIST")
      throw new LabError("bad_config", `write ${file}: it exists already`, { cause });
    throw toDiskError(`write ${file}`, cause);
  } finally {
    await rm(temporary, { force: true }).catch(() => undefined);
  }
}

/** Without links the name is taken by an empty file of ours, which is then replaced. */
async function giveNewName(temporary: string, file: string): Promise<void> {
  try {
    await link(temporary, file);
  } catch (cause) {
    if (!NO_LINKS.has(getErrorCode(cause))) throw cause;
    await (await open(file, "wx")).close();
    await rename(temporary, file);
  }
}
