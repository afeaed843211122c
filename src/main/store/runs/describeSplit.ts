import { createHash } from "node:crypto";

import type { RunPart, RunSplit } from "#shared/runs/runSplit.ts";

/** A part of a run and its photos. */
export type PartMembers = readonly [part: RunPart, members: readonly { readonly name: string }[]];

/** Describes how a run parts its photos, whose files' hashes are given by name. */
export function describeSplit(
  fingerprint: string,
  photos: readonly PartMembers[],
  files: Readonly<Record<string, readonly string[]>>,
): RunSplit {
  const parts = Object.fromEntries(photos.map(([part, members]) => [part, members.map(({ name }) => name)]));
  const sha256 = createHash("sha256").update(JSON.stringify(parts)).digest("hex");
  return { schema: "hinas.split", version: 1, fingerprint, sha256, parts, files };
}
