import { buffer } from "node:stream/consumers";

import { fromBufferPromise } from "yauzl";

/** Reads an archive by another program than the one that wrote it, which checks sizes and checksums. */
export async function unpackZip(bytes: Buffer): Promise<ReadonlyMap<string, string>> {
  const found = new Map<string, string>();
  const zip = await fromBufferPromise(bytes);
  for await (const entry of zip.eachEntry()) {
    found.set(entry.fileName, (await buffer(await zip.openReadStreamPromise(entry))).toString("utf8"));
  }
  return found;
}
