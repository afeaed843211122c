import { flattenSettings } from "#shared/runs/configDiff.ts";
import { deviationOf, meanOf } from "#shared/statistics/summary.ts";

import type { CompareItem, ItemKey } from "./comparison.ts";
import type { FigureRow } from "./figureRows.ts";

/** Settings that make no other experiment of a training: its name, and where its random numbers begin. */
const FREE = new Set(["name", "seed"]);

/** Trainings of one network by the same settings, from several seeds. */
export interface SeedGroup {
  readonly name: string;
  readonly keys: readonly ItemKey[];
}

/** A figure over the seeds of a group: their mean, and the standard deviation of one from it. */
export interface SeedFigure {
  readonly count: number;
  readonly mean: number;
  readonly deviation: number;
}

/** Groups trainings that differ in nothing but their seed, and leaves out what has none of its kind. */
export function groupBySeed(
  items: readonly CompareItem[],
  configs: ReadonlyMap<ItemKey, object>,
): readonly SeedGroup[] {
  const known = items.flatMap((item) => {
    const config = configs.get(item.key);
    return config === undefined ? [] : [{ item, experiment: toExperiment(item, config) }];
  });
  return [...Map.groupBy(known, ({ experiment }) => experiment).values()]
    .filter((members) => members.length > 1)
    .map((members) => ({ name: members[0]?.item.name ?? "", keys: members.map(({ item }) => item.key) })); // never empty
}

/** Computes a figure over a group's seeds; null where fewer than two of them have it. */
export function overSeeds(
  { values }: Pick<FigureRow, "values">,
  { keys }: SeedGroup,
  items: readonly CompareItem[],
): SeedFigure | null {
  const measured = items.flatMap(({ key }, index) => {
    const value = keys.includes(key) ? (values[index] ?? null) : null;
    return value === null ? [] : [value];
  });
  if (measured.length < 2) return null;
  return { count: measured.length, mean: meanOf(measured), deviation: deviationOf(measured) };
}

function toExperiment({ hash }: CompareItem, config: object): string {
  return JSON.stringify([hash, [...flattenSettings(config)].filter(([path]) => !FREE.has(path))]);
}
