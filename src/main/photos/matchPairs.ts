import { at } from "#shared/at.ts";

import type { PhotoFile } from "./listPhotos.ts";

/** Words in file names that say which side of a pair a photo is, not which photo it is. */
const SIDE_WORDS: ReadonlySet<string> = new Set([
  "clean",
  "gt",
  "mean",
  "noise",
  "noisy",
  "original",
  "real",
  "ref",
  "reference",
]);

/** What a comparison of two folders' names gave; every photo is in exactly one of the three lists. */
export interface PairMatch {
  readonly pairs: readonly { readonly clean: PhotoFile; readonly noisy: PhotoFile }[];
  readonly unmatchedClean: readonly PhotoFile[];
  readonly unmatchedNoisy: readonly PhotoFile[];
}

/**
 * Matches clean and noisy photos by their paths without extension; what is left, by the paths without words such as `noisy`,
 * `gt` or `mean` (`a_1_real` and `a_1_mean` are a pair). A key that several photos of one side share matches nothing.
 */
export function matchPairs(clean: readonly PhotoFile[], noisy: readonly PhotoFile[]): PairMatch {
  const exact = matchBy(withoutExtension, clean, noisy);
  const tolerant = matchBy(withoutSideWords, exact.unmatchedClean, exact.unmatchedNoisy);
  const pairOf = new Map([...exact.pairs, ...tolerant.pairs].map((pair) => [pair.clean, pair]));
  return { ...tolerant, pairs: clean.flatMap((photo) => pairOf.get(photo) ?? []) };
}

function matchBy(keyOf: (name: string) => string, clean: readonly PhotoFile[], noisy: readonly PhotoFile[]): PairMatch {
  const cleanByKey = groupByKey(clean, keyOf);
  const noisyByKey = groupByKey(noisy, keyOf);
  const pairs: PairMatch["pairs"][number][] = [];
  for (const [key, [cleanPhoto, ...otherClean]] of cleanByKey) {
    const [noisyPhoto, ...otherNoisy] = noisyByKey.get(key) ?? [];
    const isUnique = otherClean.length === 0 && otherNoisy.length === 0;
    if (cleanPhoto !== undefined && noisyPhoto !== undefined && isUnique) {
      pairs.push({ clean: cleanPhoto, noisy: noisyPhoto });
    }
  }
  const matched = new Set(pairs.flatMap((pair) => [pair.clean, pair.noisy]));
  return {
    pairs,
    unmatchedClean: clean.filter((photo) => !matched.has(photo)),
    unmatchedNoisy: noisy.filter((photo) => !matched.has(photo)),
  };
}

function groupByKey(photos: readonly PhotoFile[], keyOf: (name: string) => string): Map<string, PhotoFile[]> {
  const groups = new Map<string, PhotoFile[]>();
  for (const photo of photos) {
    const key = keyOf(photo.name);
    groups.set(key, [...(groups.get(key) ?? []), photo]);
  }
  return groups;
}

function withoutExtension(name: string): string {
  return name.replace(/\.[^./]+$/, "");
}

function withoutSideWords(name: string): string {
  const path = withoutExtension(name).toLowerCase().split("/");
  const words = at(path.splice(-1), 0, "matchPairs: file name")
    .split(/[-_. ]+/)
    .filter((word) => word !== "" && !SIDE_WORDS.has(word));
  return [...path, words.join("_")].join("/");
}
