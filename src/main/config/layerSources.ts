import { type Setting, toFrameSettings } from "#shared/runs/settings.ts";
import type { TestPart } from "#shared/runs/testPartSchema.ts";
import type { Frame } from "#shared/space/graph/frame.ts";

import { isMapping, type LayerOrigin, type SettingsLayer } from "./layer.ts";
import { parseYamlMapping, parseYamlValue } from "./yamlText.ts";

/**
 * Makes a layer of what a training takes over from the search that its architecture comes from: the frame of its space and, where
 * it kept photos of the same data set for a test, these. `run` names the search.
 */
export function searchLayer(run: string, space: Frame, test: TestPart | null = null): SettingsLayer {
  const taken = { ...toFrameSettings(space), ...(test === null ? {} : { "data.test": test }) };
  const singles = Object.entries(taken).map(([path, value]) => ({
    path,
    value,
    place: `search ${run}`,
  }));
  return singlesLayer("search", singles);
}

type Settings = ReadonlyMap<string, Setting>;

/** A setting given by itself: a flag or a variable of the environment. `place` is what the person wrote. */
export interface SingleSetting {
  readonly path: string;
  readonly value: unknown;
  readonly place: string;
}

/** Makes a layer of a YAML text; `place` names it, e.g. `hinas.yaml`. Throws a LabError `bad_config` on broken YAML. */
export function yamlLayer(origin: LayerOrigin, text: string, place: string): SettingsLayer {
  const { values, lineOf } = parseYamlMapping(text, place);
  const placeOf = (path: readonly string[]) => {
    const line = lineOf(path);
    return line === null ? place : `${place} line ${line}`;
  };
  return { origin, values, placeOf };
}

/** Makes a layer of settings given one by one; a later one wins over an earlier one with the same path. */
export function singlesLayer(origin: LayerOrigin, singles: readonly SingleSetting[]): SettingsLayer {
  const values: Record<string, unknown> = {};
  for (const { path, value } of singles) setAt(values, path.split("."), value);
  const placeOf = (parts: readonly string[]) => {
    const path = parts.join(".");
    const writer = singles.findLast((single) => `${path}.`.startsWith(`${single.path}.`));
    return (writer ?? singles.find((single) => single.path.startsWith(`${path}.`)))?.place ?? origin;
  };
  return { origin, values, placeOf };
}

/**
 * Makes a layer of the environment: `HINAS_SEARCH__WARMUP_EPOCHS=5` sets `search.warmupEpochs`, `HINAS_SEED=3` sets `seed`.
 * Other `HINAS_` names without a double underscore (`HINAS_HOME`) are no settings and are left alone.
 */
export function envLayer(env: Readonly<Record<string, string | undefined>>, settings: Settings): SettingsLayer {
  const pathByName = new Map([...settings.keys()].map((path) => [envNameOf(path), path]));
  const singles = Object.entries(env).flatMap(([name, text]): SingleSetting[] => {
    const isOurs = pathByName.has(name) || (name.startsWith("HINAS_") && name.includes("__"));
    if (!isOurs || text === undefined) return [];
    const path = pathByName.get(name) ?? name.slice("HINAS_".length).toLowerCase().replaceAll("__", ".");
    return [{ path, value: parseSettingText(path, text, name, settings), place: name }];
  });
  return singlesLayer("env", singles);
}

/** Names the variable of the environment that sets a path, e.g. `HINAS_SEARCH__WARMUP_EPOCHS`. */
export function envNameOf(path: string): string {
  const words = path.replaceAll(/([a-z0-9])([A-Z])/g, "$1_$2").replaceAll(".", "__");
  return `HINAS_${words.toUpperCase()}`;
}

/** Reads the text of a flag or variable as the setting wants it: free text stays text, all else is YAML. */
export function parseSettingText(path: string, text: string, place: string, settings: Settings): unknown {
  const staysText = settings.get(path)?.isText === true && !/^["']/.test(text);
  return staysText ? text : parseYamlValue(text, place);
}

function setAt(tree: Record<string, unknown>, path: readonly string[], value: unknown): void {
  const [key, ...rest] = path;
  if (key === undefined) return;
  const child = tree[key];
  if (rest.length === 0) {
    tree[key] = isMapping(child) && isMapping(value) ? { ...child, ...value } : value;
    return;
  }
  const group: Record<string, unknown> = isMapping(child) ? { ...child } : {};
  setAt(group, rest, value);
  tree[key] = group;
}
