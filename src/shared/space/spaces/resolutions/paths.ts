import { at } from "#shared/at.ts";
import type { Random } from "#shared/random/random.ts";

/** Lists the levels that a layer can work at after a level: one finer, the same, one coarser. */
export function levelsAfter(level: number, levels: number): number[] {
  return [level - 1, level, level + 1].filter((next) => next >= 0 && next < levels);
}

/** Counts the paths of so many layers that begin after a level. */
export function countPaths(layers: number, levels: number, after = 0): bigint {
  let counts = Array.from({ length: levels }, () => 1n);
  for (let layer = 0; layer < layers; layer++) {
    const later = counts;
    counts = later.map((_, level) =>
      levelsAfter(level, levels).reduce((sum, next) => sum + at(later, next, "levels"), 0n),
    );
  }
  return at(counts, after, "levels");
}

/** Goes through all paths, finest first. */
export function* enumeratePaths(layers: number, levels: number, after = 0): Generator<readonly number[]> {
  if (layers === 0) {
    yield [];
    return;
  }
  for (const level of levelsAfter(after, levels)) {
    for (const rest of enumeratePaths(layers - 1, levels, level)) yield [level, ...rest];
  }
}

/** Draws a path, each as likely as every other: a step is as likely as the paths that go on from it are many. */
export function samplePath(layers: number, levels: number, random: Random): number[] {
  const path: number[] = [];
  let level = 0;
  while (path.length < layers) {
    const next = levelsAfter(level, levels);
    const counts = next.map((each) => Number(countPaths(layers - path.length - 1, levels, each)));
    let left = random.uniform() * counts.reduce((sum, count) => sum + count, 0);
    const chosen = counts.findIndex((count) => (left -= count) < 0);
    // Rounding may leave a crumb over at the end.
    level = at(next, chosen === -1 ? next.length - 1 : chosen, "levels");
    path.push(level);
  }
  return path;
}

/** Lists the other levels that one layer of a path can work at while all others stay. */
export function otherLevels(path: readonly number[], layer: number, levels: number): number[] {
  const before = path[layer - 1] ?? 0; // The stem works at stride 1.
  const after = path[layer + 1] ?? null; // Nothing follows the last layer.
  return levelsAfter(before, levels).filter(
    (level) => level !== at(path, layer, "path") && (after === null || Math.abs(after - level) <= 1),
  );
}
