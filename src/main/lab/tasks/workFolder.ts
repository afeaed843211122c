import { randomBytes } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { toDiskError } from "#main/files/diskError.ts";

/** A folder of this process for what need not outlive it, made on first use. */
export interface WorkFolder {
  /** Names a new file in it. Throws LabError `disk` or `permission`. */
  newFile(ending: string): Promise<string>;
  /** Removes the folder with all files. */
  close(): Promise<void>;
}

/** Prepares a work folder among the system's temporary files. */
export function createWorkFolder(): WorkFolder {
  let folder: Promise<string> | null = null;
  return {
    newFile: async (ending) => {
      folder ??= mkdtemp(join(tmpdir(), "hinas-work-")).catch((cause: unknown) => {
        folder = null;
        throw toDiskError("create a work folder", cause);
      });
      return join(await folder, `${randomBytes(8).toString("hex")}${ending}`);
    },
    close: async () => {
      if (folder !== null) await rm(await folder, { recursive: true, force: true });
      folder = null;
    },
  };
}
