import { stringify } from "yaml";

import { readPreset } from "#main/config/collectLayers.ts";
import type { LabContext } from "#main/lab/labContext.ts";
import type { StudySummary, TonightWish } from "#shared/api/studies.ts";
import { noiseSchema } from "#shared/image/noise.ts";

import { startStudy } from "./studies.ts";

type Values = Readonly<Record<string, unknown>>;

/** The level that networks for a range of noise are tested at: the middle of those that others publish. */
const TEST_SIGMA_255 = 25;
const PLACE = "tonight";

/**
 * Writes a night's work as a study of one cell: search, derivation, training and test by the presets of one name, with BM3D beside the
 * test where there is one. Throws LabError `bad_config` for a preset that is not there for both.
 */
export async function writeTonight(
  { presetsFolder }: Pick<LabContext, "presetsFolder">,
  { dataset, testDataset, preset, seed, name }: TonightWish,
): Promise<string> {
  const search = await readPreset(preset, { presetsFolder, kind: "search" });
  const train = await readPreset(preset, { presetsFolder, kind: "train" });
  const shared = merge(search.values, train.values);
  return stringify({
    name: name ?? `Tonight on ${dataset}`,
    note: `Search, derivation, training and test in one go, by the preset ${preset}.`,
    seeds: [seed],
    ends: "evaluation",
    goesOn: true,
    base: merge(shared, {
      data: { dataset },
      evaluation: { data: { dataset: testDataset }, noise: testNoiseOf(shared["noise"]), baselines: true },
    }),
  });
}

/** Starts a night's work and returns at once. Throws LabError `bad_config` before anything is made. */
export async function startTonight(lab: LabContext, wish: TonightWish): Promise<StudySummary> {
  return startStudy(lab, { yaml: await writeTonight(lab, wish), place: PLACE, withControl: false });
}

/** A test has one level; noise without a range is tested as it is trained. */
function testNoiseOf(noise: unknown): Values {
  const read = noiseSchema.safeParse(noise);
  if (!read.success) return { kind: "gaussian", sigma255: TEST_SIGMA_255 };
  const isOneLevel = read.data.kind !== "gaussian" || typeof read.data.sigma255 === "number";
  return isOneLevel ? read.data : { kind: "gaussian", sigma255: TEST_SIGMA_255 };
}

/** The second's settings win. */
function merge(first: Values, second: Values): Values {
  const merged: Record<string, unknown> = { ...first };
  for (const [key, value] of Object.entries(second)) {
    const before = merged[key];
    merged[key] = isMapping(before) && isMapping(value) ? merge(before, value) : value;
  }
  return merged;
}

function isMapping(value: unknown): value is Values {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
