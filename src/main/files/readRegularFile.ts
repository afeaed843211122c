import { readFile, stat } from "node:fs/promises";

import { LabError } from "#shared/labError.ts";

import { toDiskError } from "./diskError.ts";

/**
 * Reads a file as a whole. Throws LabError `bad_data` for what is no regular file (a pipe would be waited for without end) and
 * for more than `maxBytes`, before room is made for it, and as `toDiskError` says.
 */
export async function readRegularFile(file: string, maxBytes: number): Promise<Buffer> {
  try {
    const found = await stat(file);
    if (found.isDirectory()) throw new LabError("bad_data", `read ${file}: this is a folder, not a file`);
    if (!found.isFile()) throw new LabError("bad_data", `read ${file}: must be a regular file, got a pipe or device`);
    if (found.size > maxBytes) {
      throw new LabError("bad_data", `read ${file}: must have at most ${maxBytes} bytes, got ${found.size}`);
    }
    return await readFile(file);
  } catch (cause) {
    throw toDiskError(`read ${file}`, cause);
  }
}
