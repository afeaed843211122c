import { createHash } from "node:crypto";

import type { LabFile } from "#shared/api/lab.ts";

/** Makes a file of bytes; its tag is made of them. */
export function toLabFile(bytes: Uint8Array, type: string, name: string, shape: LabFile["shape"] = null): LabFile {
  return { bytes, type, name, shape, tag: createHash("sha256").update(bytes).digest("base64url").slice(0, 22) };
}
