import type { DatasetReport } from "#shared/api/datasets.ts";
import type { RunSetup } from "#shared/api/runs.ts";
import { flattenSettings } from "#shared/runs/configDiff.ts";
import type { AnyGenotype } from "#shared/space/spaces/spaces.ts";

import { type DraftParts, pickCarried } from "./useSettingsDraft.ts";

/** Search presets begin with what was found to be best for its time (docs/results.md). */
export const RECOMMENDED_SEARCH = "scales-grey";

/** Names the preset that a training of an architecture begins with: that of its search space and of grey or colour. */
export function recommendTraining(genotype: AnyGenotype | null, imageChannels: 1 | 3): string {
  if (genotype?.schema !== "hinas.scales") return "overnight";
  return imageChannels === 3 ? "scales-colour" : "scales-grey";
}

/**
 * Lists what a new job begins with beside its preset: the data set that is asked for, with the noise that its pairs bring and of which no map
 * can be told, else the newest of one's own; the built-in one where there is none. `frame` is where the job keeps its network's frame.
 */
export function firstData(
  datasets: readonly DatasetReport[],
  wanted: unknown,
  frame: "space" | "network",
): DraftParts["values"] {
  if (wanted === "sample") return {};
  const asked = datasets.find(({ name }) => name === wanted);
  if (asked !== undefined) {
    const pairs = { "noise.kind": "paired", [`${frame}.noiseMap`]: false };
    return { "data.dataset": asked.name, ...(asked.noisyFolder === null ? {} : pairs) };
  }
  const [newest] = datasets
    .filter(({ isMissing }) => !isMissing)
    .toSorted((a, b) => b.addedAt.localeCompare(a.addedAt));
  return newest === undefined ? {} : { "data.dataset": newest.name };
}

/** Lists the data set, noise and seed of a run by dotted path, for what follows it. */
export function carryOver(setup: RunSetup): DraftParts["values"] {
  return pickCarried(allOf(setup));
}

/** Lays out the settings of a run as values by dotted path, without its name: the same again, to be changed. */
export function allOf({ config }: RunSetup): DraftParts["values"] {
  return Object.fromEntries([...flattenSettings(config)].filter(([path]) => path !== "name"));
}
