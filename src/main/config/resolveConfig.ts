import {
  SETTINGS_SCHEMAS,
  listSettings,
  type Setting,
  type SettingsKind,
  type SettingsOf,
} from "#shared/runs/settings.ts";
import { findContradictions } from "#shared/runs/contradictions.ts";

import { describeIssue } from "./describeIssue.ts";
import type { SettingsLayer } from "./layer.ts";
import { mergeLayers, type PlacedValue } from "./mergeLayers.ts";
import { toConfigError, type Problem } from "./problem.ts";

/** Settings of one kind with the origin of every value. */
export interface ResolvedConfig<K extends SettingsKind> {
  readonly kind: K;
  readonly settings: SettingsOf[K];
  /** Where the value of a dotted path was written; null where it is the built-in default. */
  placeOf(path: string): string | null;
}

type Values = ReadonlyMap<string, PlacedValue>;

/**
 * Lays the layers over the built-in defaults, later over earlier, and checks the outcome.
 * Throws a LabError `bad_config` that lists every problem at once, each with its place.
 */
export function resolveConfig<K extends SettingsKind>(kind: K, layers: readonly SettingsLayer[]): ResolvedConfig<K> {
  const known = listSettings();
  const merged = mergeLayers([loadDefaults(kind), ...layers], known);
  const values = keepKind(merged.values, kind, known);
  const raw = toTree(values);
  const parsed = SETTINGS_SCHEMAS[kind].safeParse(raw);
  const found = parsed.success
    ? findContradictions(parsed.data)
    : parsed.error.issues.flatMap((issue) => describeIssue(issue, raw));
  const problems: Problem[] = [
    ...merged.problems,
    ...findMisdirected(merged.values, kind, known),
    ...found.map(({ path, what }) => ({ place: placeNear(values, path), what, path: path.join(".") })),
  ];
  if (problems.length > 0 || !parsed.success) throw toConfigError(problems);
  return { kind, settings: parsed.data, placeOf: (path) => writtenPlace(values.get(path)) };
}

function loadDefaults(kind: SettingsKind): SettingsLayer {
  return { origin: "default", values: SETTINGS_SCHEMAS[kind].parse({}), placeOf: () => "default" };
}

function writtenPlace(placed: PlacedValue | undefined): string | null {
  return placed === undefined || placed.origin === "default" ? null : placed.place;
}

function keepKind(values: Values, kind: SettingsKind, known: ReadonlyMap<string, Setting>): Values {
  return new Map([...values].filter(([path]) => known.get(path)?.kinds.includes(kind) === true));
}

/** Files and the environment serve all jobs; a flag is meant for this one and must fit it. */
function findMisdirected(values: Values, kind: SettingsKind, known: ReadonlyMap<string, Setting>): readonly Problem[] {
  return [...values].flatMap(([path, { origin, place }]) => {
    const setting = known.get(path);
    if (setting === undefined) throw new Error(`resolveConfig: ${path} must be a setting, for others are no values`);
    if (origin !== "flag" || setting.kinds.includes(kind)) return [];
    return [{ place, path, what: `${path} is a setting of ${setting.kinds.join(" and ")}, not of ${kind}` }];
  });
}

function toTree(values: Values): Record<string, unknown> {
  const tree: Record<string, unknown> = {};
  for (const [path, { value }] of values) {
    const parts = path.split(".");
    const last = parts.pop() ?? path;
    let group = tree;
    for (const part of parts) {
      const next = (group[part] ?? {}) as Record<string, unknown>;
      group[part] = next;
      group = next;
    }
    group[last] = value;
  }
  return tree;
}

/** The place of the value itself, of the setting that holds it, or of its written neighbours. */
function placeNear(values: Values, path: readonly string[]): string {
  for (let length = path.length; length > 0; length -= 1) {
    const name = path.slice(0, length).join(".");
    const near = [...values].filter(([other]) => other === name || other.startsWith(`${name}.`));
    const place = near.map(([, placed]) => writtenPlace(placed)).find((written) => written !== null);
    if (place !== undefined) return place;
  }
  return "defaults";
}
