import { createHash } from "node:crypto";

import type { TensorFile } from "./safetensors.ts";

/**
 * Names what a checkpoint holds: a SHA-256 over its notes and over names, types, shapes and numbers of its tensors, in the
 * order of names, so that it outlives programs that write the same content in another order.
 */
export function hashContent({ tensors, metadata }: TensorFile): string {
  const hash = createHash("sha256").update(JSON.stringify(Object.entries(metadata).toSorted(byName)));
  for (const [name, { shape, data }] of [...tensors].toSorted(byName)) {
    const type = data instanceof Float32Array ? "F32" : "I32";
    hash.update(JSON.stringify([name, type, shape]));
    hash.update(new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
  }
  return hash.digest("hex");
}

function byName([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
