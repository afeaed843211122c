/** Two settings that are fine alone and make no sense together. `path` is the one to change. */
export interface Contradiction {
  readonly path: readonly string[];
  readonly what: string;
}

/** Says that the first of two numbers beside each other must be at most the second; `path` is where both stand. */
export function orderedPair(
  path: readonly string[],
  low: string,
  lowValue: number,
  high: string,
  highValue: number,
): readonly Contradiction[] {
  if (lowValue <= highValue) return [];
  const name = (key: string) => [...path, key].join(".");
  const what = `${name(low)} must be at most ${name(high)} (${highValue}), got ${lowValue}`;
  return [{ path: [...path, low], what }];
}
