import { join } from "node:path";

import { readSettingsFile } from "#main/config/collectLayers.ts";
import { singlesLayer, type SingleSetting } from "#main/config/layerSources.ts";
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
  return { search, train };
}

async function loadJob<K extends SettingsKind>(
  kind: K,
  preset: string,
  presetsFolder: string,
  changes: DemoChanges,
): Promise<SettingsOf[K]> {
  const layer = await readSettingsFile("preset", join(presetsFolder, `${preset}.${kind}.yaml`), `preset ${preset}`);
  const place = "demo";
  const flags: SingleSetting[] = [
    { path: "data.dataset", value: changes.dataset, place },
    { path: "seed", value: changes.seed, place },
  ];
  if (changes.maxPhotos !== null) flags.push({ path: "data.maxPhotos", value: changes.maxPhotos, place });
  return resolveConfig(kind, [layer, singlesLayer("flag", flags)]).settings;
}
