import { isAbsolute, resolve, sep } from "node:path";

import { collectLayers } from "#main/config/collectLayers.ts";
import type { SettingsLayer } from "#main/config/layer.ts";
import { parseSettingText, type SingleSetting } from "#main/config/layerSources.ts";
import { resolveConfig, type ResolvedConfig } from "#main/config/resolveConfig.ts";
import { listSettings, type SettingsKind } from "#shared/runs/settings.ts";

import { readTestPart } from "./readTestPart.ts";
import type { Session } from "./session.ts";
import { NAMED_SETTINGS, splitAssignment, type NamedSetting, type SettingsFlags } from "./settingsOptions.ts";

const NAMES = Object.keys(NAMED_SETTINGS) as readonly NamedSetting[];

/** Resolves the settings of a job from its flags, the environment, all files and the search it follows. Throws a LabError that lists every problem. */
export async function loadSettings<K extends SettingsKind>(
  kind: K,
  flags: SettingsFlags,
  { home, surroundings }: Pick<Session, "home" | "surroundings">,
  search: SettingsLayer | null = null,
): Promise<ResolvedConfig<K>> {
  const layers = await collectLayers({
    kind,
    home,
    ...surroundings,
    preset: flags.preset ?? null,
    file: flags.config ?? null,
    search,
    flags: [...readAssignments(flags), ...readNamed(kind, flags, surroundings.workingFolder)],
  });
  return resolveConfig(kind, layers);
}

function readAssignments({ set }: SettingsFlags): readonly SingleSetting[] {
  return (set ?? []).map((text) => {
    const { path, value } = splitAssignment(text);
    const place = `--set ${text}`;
    return { path, value: parseSettingText(path, value, place, listSettings()), place };
  });
}

function readNamed(kind: SettingsKind, flags: SettingsFlags, workingFolder: string): readonly SingleSetting[] {
  return NAMES.flatMap((name) => {
    const text = flags[name];
    if (text === undefined) return [];
    const own = NAMED_SETTINGS[name].path;
    const path = kind === "evaluation" ? `evaluation.${own}` : own;
    return [{ path, value: readNamedText(name, path, text, workingFolder), place: `--${name} ${text}` }];
  });
}

function readNamedText(name: NamedSetting, path: string, text: string, workingFolder: string): unknown {
  if (name === "noise") return readNoise(text);
  if (name === "test") return readTestPart(text);
  if (name === "data") return isFolder(text) ? resolve(workingFolder, text) : text;
  return parseSettingText(path, text, `--${name}`, listSettings());
}

function isFolder(text: string): boolean {
  return isAbsolute(text) || text.startsWith(".") || text.includes(sep) || text.includes("/");
}

/** Reads `30`, `15,25,50`, `0..55` or the name of a kind of noise; what is no number is left for the schema to refuse. */
function readNoise(text: string): unknown {
  if (/^[a-z]/.test(text)) return { kind: text };
  const [from, to] = text.split("..");
  if (from !== undefined && to !== undefined)
    return { kind: "gaussian", sigma255: { from: toNumber(from), to: toNumber(to) } };
  const sigmas = text.split(",").map(toNumber);
  return { kind: "gaussian", sigma255: sigmas.length === 1 ? sigmas[0] : sigmas };
}

function toNumber(text: string): number | string {
  const value = Number(text);
  return text.trim() === "" || Number.isNaN(value) ? text : value;
}
