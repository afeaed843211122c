import { join } from "node:path";

import { readSettingsFile } from "#main/config/collectLayers.ts";
import type { SettingsLayer } from "#main/config/layer.ts";
import { searchLayer, singlesLayer } from "#main/config/layerSources.ts";
import { resolveConfig } from "#main/config/resolveConfig.ts";
import type { SearchConfig, TrainConfig } from "#shared/runs/config.ts";
import type { SettingsKind, SettingsOf } from "#shared/runs/settings.ts";

/** What the demo changes in its presets. */
export interface DemoChanges {
  readonly dataset: string;
  readonly seed: number;
}

/** The settings of the demo's two jobs. */
export interface DemoJobs {
  readonly search: SearchConfig;
  readonly train: TrainConfig;
}

/**
 * Loads the settings of the demo's jobs from their presets; a person's own settings do not touch the demo. The training takes
 * over the frame of the search. Throws a LabError.
 */
export async function loadDemoSettings(preset: string, presetsFolder: string, changes: DemoChanges): Promise<DemoJobs> {
  const search = await loadJob("search", preset, presetsFolder, changes, []);
  const taken = searchLayer("of the demo", search.space);
  return { search, train: await loadJob("train", preset, presetsFolder, changes, [taken]) };
}

async function loadJob<K extends SettingsKind>(
  kind: K,
  preset: string,
  presetsFolder: string,
  { dataset, seed }: DemoChanges,
  more: readonly SettingsLayer[],
): Promise<SettingsOf[K]> {
  const layer = await readSettingsFile("preset", join(presetsFolder, `${preset}.${kind}.yaml`), `preset ${preset}`);
  const changes = singlesLayer("flag", [
    { path: "data.dataset", value: dataset, place: "--data" },
    { path: "seed", value: seed, place: "--seed" },
  ]);
  return resolveConfig(kind, [layer, ...more, changes]).settings;
}
