import { join } from "node:path";

import { readSettingsFile } from "#main/config/collectLayers.ts";
import { singlesLayer } from "#main/config/layerSources.ts";
import { resolveConfig } from "#main/config/resolveConfig.ts";
import type { SearchConfig, TrainConfig } from "#shared/runs/config.ts";
import type { SettingsKind, SettingsOf } from "#shared/runs/settings.ts";

/** What the demo changes in its presets. */
export interface DemoChanges {
  readonly dataset: string;
  readonly seed: number;
  /** Photos after the first so many are held out; null where the data set has no photo to hold out. */
  readonly maxPhotos: number | null;
}

/** The settings of the demo's two jobs. */
export interface DemoJobs {
  readonly search: SearchConfig;
  readonly train: TrainConfig;
}

/** Loads the settings of the demo's jobs from their presets; a person's own settings do not touch the demo. Throws a LabError. */
export async function loadDemoSettings(preset: string, presetsFolder: string, changes: DemoChanges): Promise<DemoJobs> {
  const search = await loadJob("search", preset, presetsFolder, changes);
  const train = await loadJob("train", preset, presetsFolder, changes);
  return {
    search: { ...search, data: limitPhotos(search.data, changes.maxPhotos) },
    train: { ...train, data: limitPhotos(train.data, changes.maxPhotos) },
  };
}

async function loadJob<K extends SettingsKind>(
  kind: K,
  preset: string,
  presetsFolder: string,
  { dataset, seed }: DemoChanges,
): Promise<SettingsOf[K]> {
  const layer = await readSettingsFile("preset", join(presetsFolder, `${preset}.${kind}.yaml`), `preset ${preset}`);
  const changes = singlesLayer("flag", [
    { path: "data.dataset", value: dataset, place: "--data" },
    { path: "seed", value: seed, place: "--seed" },
  ]);
  return resolveConfig(kind, [layer, changes]).settings;
}

function limitPhotos(data: SearchConfig["data"], limit: number | null): SearchConfig["data"] {
  return limit === null ? data : { ...data, maxPhotos: Math.min(limit, data.maxPhotos ?? limit) };
}
