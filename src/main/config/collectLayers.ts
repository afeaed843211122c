import { readFile, readdir } from "node:fs/promises";
import { join, resolve } from "node:path";

import { LabError } from "#shared/labError.ts";
import { toDiskError } from "#main/files/diskError.ts";
import { listSettings, type SettingsKind } from "#shared/runs/settings.ts";

import type { LayerOrigin, SettingsLayer } from "./layer.ts";
import { envLayer, singlesLayer, yamlLayer, type SingleSetting } from "./layerSources.ts";
import { findNearestName } from "./nearestName.ts";
import { toConfigError } from "./problem.ts";

/** The file in the working folder that holds the settings of a project. */
const PROJECT_FILE = "hinas.yaml";
/** The file in the lab's home that holds a person's own settings. */
const USER_FILE = "config.yaml";

/** Where the settings of a job are to be looked for. */
export interface SettingsSources {
  readonly kind: SettingsKind;
  readonly home: string;
  readonly workingFolder: string;
  readonly presetsFolder: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly preset: string | null;
  /** The file given with `--config`. */
  readonly file: string | null;
  readonly flags: readonly SingleSetting[];
  /** What a training takes over from the search that its architecture comes from. */
  readonly search: SettingsLayer | null;
}

/**
 * Reads every layer of settings, weakest first: preset, search, user, project, file, environment, flags.
 * Throws a LabError `bad_config`, `not_found` or `permission` for a layer that cannot be read.
 */
export async function collectLayers(sources: SettingsSources): Promise<readonly SettingsLayer[]> {
  const userFile = join(sources.home, USER_FILE);
  const [preset, user, project, file] = await Promise.all([
    sources.preset === null ? null : readPreset(sources.preset, sources),
    readOptional("user", userFile, userFile),
    readOptional("project", join(sources.workingFolder, PROJECT_FILE), PROJECT_FILE),
    sources.file === null ? null : readSettingsFile("file", resolve(sources.workingFolder, sources.file), sources.file),
  ]);
  const found = [preset, sources.search, user, project, file].filter((layer) => layer !== null);
  return [...found, envLayer(sources.env, listSettings()), singlesLayer("flag", sources.flags)];
}

/** Lists the names of the presets of a kind. */
export async function listPresets(presetsFolder: string, kind: SettingsKind): Promise<readonly string[]> {
  const ending = `.${kind}.yaml`;
  const files = await readdir(presetsFolder);
  return files.filter((file) => file.endsWith(ending)).map((file) => file.slice(0, -ending.length));
}

/** Reads a preset as a layer. Throws a LabError `bad_config` with the nearest known name for one that is not there. */
export async function readPreset(
  name: string,
  { presetsFolder, kind }: Pick<SettingsSources, "presetsFolder" | "kind">,
): Promise<SettingsLayer> {
  const names = await listPresets(presetsFolder, kind);
  if (names.includes(name)) {
    return readSettingsFile("preset", join(presetsFolder, `${name}.${kind}.yaml`), `preset ${name}`);
  }
  const nearest = findNearestName(name, names);
  const hint = nearest === null ? "" : `; did you mean ${nearest}?`;
  const what = names.length === 0 ? `${kind} has no presets` : `must be one of ${names.join(", ")}, got ${name}${hint}`;
  throw toConfigError([{ place: "--preset", what }]);
}

async function readOptional(origin: LayerOrigin, file: string, place: string): Promise<SettingsLayer | null> {
  try {
    return await readSettingsFile(origin, file, place);
  } catch (error) {
    if (error instanceof LabError && error.kind === "not_found") return null;
    throw error;
  }
}

/** Reads a settings file as a layer; `place` is its name for people. Throws a LabError where it is missing, unreadable or broken. */
export async function readSettingsFile(origin: LayerOrigin, file: string, place: string): Promise<SettingsLayer> {
  const text = await readFile(file, "utf8").catch((cause: unknown) => {
    throw toDiskError(`config: ${place}`, cause);
  });
  return yamlLayer(origin, text, place);
}
