import { randomBytes } from "node:crypto";
import { readdir, rm, stat } from "node:fs/promises";
import { join } from "node:path";

import { makeTemporaryFolder } from "#main/files/temporaryFiles.ts";
import { LabError } from "#shared/labError.ts";

/** A folder of this process for what need not outlive it, made on first use. */
export interface WorkFolder {
  /** Names a new file in it for so many bytes. Throws LabError `disk`, also where all files together would be too large, or `permission`. */
  newFile(ending: string, bytes?: number): Promise<string>;
  /** Removes the folder with all files. */
  close(): Promise<void>;
}

/** Some twenty photos of 45 megapixels, each as it came and as it went; disks have ten times as much. */
const LIMIT_BYTES = 20e9;

/** Prepares a work folder among the system's temporary files. */
export function createWorkFolder(limitBytes: number = LIMIT_BYTES): WorkFolder {
  let folder: Promise<string> | null = null;
  return {
    newFile: async (ending, bytes = 0) => {
      folder ??= makeTemporaryFolder("work").catch((cause: unknown) => {
        folder = null;
        throw cause;
      });
      await checkRoom(await folder, bytes, limitBytes);
      return join(await folder, `${randomBytes(8).toString("hex")}${ending}`);
    },
    close: async () => {
      if (folder !== null) await rm(await folder, { recursive: true, force: true });
      folder = null;
    },
  };
}

/** Does work with new files, one for each ending, and removes them whatever comes of it. Throws as `newFile` and the work do. */
export async function withWorkFiles<const Endings extends readonly string[], T>(
  { newFile }: Pick<WorkFolder, "newFile">,
  endings: Endings,
  work: (files: { readonly [Index in keyof Endings]: string }) => Promise<T>,
): Promise<T> {
  const files: string[] = [];
  try {
    for (const ending of endings) files.push(await newFile(ending));
    // TypeScript does not see that there are as many as endings.
    return await work(files as unknown as { readonly [Index in keyof Endings]: string });
  } finally {
    await Promise.all(files.map((file) => rm(file, { force: true })));
  }
}

/** Checks that a folder with all that lies in it stays below a limit with so many bytes more. Throws LabError `disk`. */
export async function checkRoom(folder: string, bytes: number, limitBytes: number): Promise<void> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.flatMap((entry) =>
    entry.isFile() ? [stat(join(entry.parentPath, entry.name)).catch(() => null)] : [],
  );
  const taken = (await Promise.all(files)).reduce((sum, file) => sum + (file?.size ?? 0), 0);
  if (taken + bytes <= limitBytes) return;
  const [most, got] = [limitBytes, taken + bytes].map((count) => `${Math.ceil(count / 1e6)} MB`);
  throw new LabError(
    "disk",
    `results to look at may take ${most} together, and would take ${got}: remove earlier ones from the list, or denoise into a folder`,
  );
}
