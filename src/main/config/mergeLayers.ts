import type { Setting } from "#shared/runs/settings.ts";

import { isMapping, type LayerOrigin, type SettingsLayer } from "./layer.ts";
import { findNearestPath } from "./nearestName.ts";
import { showValue, type Problem } from "./problem.ts";

/** A value with where it came from and where it was written. */
export interface PlacedValue {
  readonly value: unknown;
  readonly origin: LayerOrigin;
  readonly place: string;
}

export interface MergedSettings {
  /** By dotted path. */
  readonly values: ReadonlyMap<string, PlacedValue>;
  /** Keys that no setting has. */
  readonly problems: readonly Problem[];
}

type Settings = ReadonlyMap<string, Setting>;

/** Lays settings over each other, later layers over earlier ones; picking another variant voids the earlier variant's settings. */
export function mergeLayers(layers: readonly SettingsLayer[], settings: Settings): MergedSettings {
  const values = new Map<string, PlacedValue>();
  const problems: Problem[] = [];
  for (const layer of layers) {
    const written = new Map<string, PlacedValue>();
    flatten(layer, layer.values, [], settings, written, problems);
    for (const [path, placed] of written) voidReplaced(path, placed, values, settings);
    for (const [path, placed] of written) values.set(path, placed);
  }
  return { values, problems };
}

function flatten(
  layer: SettingsLayer,
  mapping: Readonly<Record<string, unknown>>,
  parents: readonly string[],
  settings: Settings,
  written: Map<string, PlacedValue>,
  problems: Problem[],
): void {
  for (const [key, value] of Object.entries(mapping)) {
    const parts = [...parents, key];
    const path = parts.join(".");
    const place = layer.placeOf(parts);
    if (settings.has(path)) {
      written.set(path, { value, origin: layer.origin, place });
    } else if (!isGroup(path, settings)) {
      problems.push({ place, path, what: describeUnknown(path, settings) });
    } else if (isMapping(value)) {
      flatten(layer, value, parts, settings, written, problems);
    } else if (value !== null) {
      problems.push({ place, path, what: `${path} must be a mapping of settings, got ${showValue(value)}` });
    }
  }
}

function voidReplaced(path: string, placed: PlacedValue, values: Map<string, PlacedValue>, settings: Settings): void {
  if (settings.get(path)?.picksVariant !== true || values.get(path)?.value === placed.value) return;
  const group = path.slice(0, path.lastIndexOf(".") + 1);
  for (const other of [...values.keys()]) {
    if (other.startsWith(group)) values.delete(other);
  }
}

function isGroup(path: string, settings: Settings): boolean {
  return [...settings.keys()].some((known) => known.startsWith(`${path}.`));
}

function describeUnknown(path: string, settings: Settings): string {
  const groups = [...settings.keys()].flatMap((known) =>
    known.split(".").map((_, i, parts) => parts.slice(0, i + 1).join(".")),
  );
  const nearest = findNearestPath(path, new Set(groups));
  return nearest === null ? `unknown key ${path}` : `unknown key ${path}; did you mean ${nearest}?`;
}
