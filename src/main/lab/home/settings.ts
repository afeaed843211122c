import { readFile } from "node:fs/promises";
import { join } from "node:path";

import { listPresets as listPresetNames, readPreset } from "#main/config/collectLayers.ts";
import type { SettingsLayer } from "#main/config/layer.ts";
import { searchLayer, singlesLayer, yamlLayer } from "#main/config/layerSources.ts";
import { ConfigError, type Problem } from "#main/config/problem.ts";
import { renderCommand, renderDifferences } from "#main/config/renderDifferences.ts";
import { resolveConfig } from "#main/config/resolveConfig.ts";
import { toDiskError } from "#main/files/diskError.ts";
import type { Preset, ResolvedSettings, SettingsProblem } from "#shared/api/settings.ts";
import type { SettingsKind, SettingsOf } from "#shared/runs/settings.ts";
import type { Frame } from "#shared/space/graph/frame.ts";

/** Where presets lie. */
export interface PresetsContext {
  readonly presetsFolder: string;
}

/** What settings are resolved with. */
export interface SettingsContext extends PresetsContext {
  /** Finds the search that an architecture comes from, by the architecture's hash; null where there is none. */
  readonly findSearch: (hash: string) => Promise<{ readonly run: string; readonly space: Frame } | null>;
  /** Says why photos of this name cannot be found; null where they can. */
  readonly describeUnknownDataset: (name: string) => Promise<string | null>;
}

interface SettingsWish {
  readonly kind: SettingsKind;
  readonly preset: string | null;
  readonly yaml: string | null;
  readonly values: Readonly<Record<string, unknown>>;
  readonly from: string | null;
}

/** How problems name a YAML text that lies in no file, and values of a form. */
const YAML_PLACE = "YAML";
const FORM_PLACE = "form";

/** Lists the presets of a kind by name. Throws LabError where they cannot be read. */
export async function listPresets({ presetsFolder }: PresetsContext, kind: SettingsKind): Promise<readonly Preset[]> {
  const names = await listPresetNames(presetsFolder, kind);
  return Promise.all(
    names.toSorted().map(async (name) => {
      const file = join(presetsFolder, `${name}.${kind}.yaml`);
      const text = await readFile(file, "utf8").catch((cause: unknown) => {
        throw toDiskError(`read ${file}`, cause);
      });
      return { name, kind, ...splitComment(text) };
    }),
  );
}

/** Lays preset, the frame of the search that a training follows, YAML text and single values over the defaults; what is wrong with them is part of the answer. */
export async function resolveSettings(context: SettingsContext, wish: SettingsWish): Promise<ResolvedSettings> {
  const { kind, from } = wish;
  try {
    const { settings } = resolveConfig(kind, await toLayers(context, wish));
    const problems = await findDatasetProblems(context, settings);
    const texts = { yaml: renderDifferences(kind, settings), command: renderCommand(kind, settings, from) };
    return { kind, settings, problems, ...texts };
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return { kind, settings: null, problems: error.problems.map(toSettingsProblem), yaml: null, command: null };
  }
}

/** Data that nobody has is told before anything starts. */
async function findDatasetProblems(
  { describeUnknownDataset }: SettingsContext,
  settings: SettingsOf[SettingsKind],
): Promise<readonly SettingsProblem[]> {
  const [path, { dataset }] =
    "evaluation" in settings
      ? (["evaluation.data.dataset", settings.evaluation.data] as const)
      : (["data.dataset", settings.data] as const);
  const message = await describeUnknownDataset(dataset);
  return message === null ? [] : [{ path, line: null, message }];
}

async function toLayers(
  { presetsFolder, findSearch }: SettingsContext,
  { kind, preset, yaml, values, from }: SettingsWish,
): Promise<readonly SettingsLayer[]> {
  // A text of the person's own says everything.
  const search = kind === "train" && from !== null && yaml === null ? await findSearch(from) : null;
  const singles = Object.entries(values).map(([path, value]) => ({ path, value, place: FORM_PLACE }));
  return [
    ...(preset === null ? [] : [await readPreset(preset, { presetsFolder, kind })]),
    ...(search === null ? [] : [searchLayer(search.run, search.space)]),
    ...(yaml === null ? [] : [yamlLayer("file", yaml, YAML_PLACE)]),
    singlesLayer("flag", singles),
  ];
}

function toSettingsProblem({ place, what, path }: Problem): SettingsProblem {
  const line = new RegExp(`^${YAML_PLACE} line (\\d+)$`).exec(place)?.[1];
  return { path: path ?? null, line: line === undefined ? null : Number(line), message: what };
}

/** The comment at the head of a preset says what it is for. */
function splitComment(text: string): Pick<Preset, "description" | "yaml"> {
  const lines = text.split("\n");
  const end = lines.findIndex((line) => !line.startsWith("#"));
  const comment = lines.slice(0, end === -1 ? lines.length : end).map((line) => line.replace(/^# ?/, ""));
  return { description: comment.join("\n").trim(), yaml: lines.slice(comment.length).join("\n").trim() };
}
