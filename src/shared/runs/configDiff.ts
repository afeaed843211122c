import { listSettings, type SettingsKind, SETTINGS_SCHEMAS } from "./settings.ts";

/** Settings as values by dotted path, in the schemas' order; lists and ranges are one value. */
export type FlatSettings = ReadonlyMap<string, unknown>;

/** A setting in which configurations differ, with each one's value; undefined where one does not have it. */
export interface SettingDifference {
  readonly path: string;
  readonly values: readonly unknown[];
}

/** Lays settings flat by the paths that a person may set. */
export function flattenSettings(settings: object): FlatSettings {
  const known = listSettings();
  const flat = new Map<string, unknown>();
  const visit = (value: unknown, path: string): void => {
    if (known.has(path) || !isGroup(value)) {
      if (value !== undefined) flat.set(path, value);
      return;
    }
    for (const [key, child] of Object.entries(value)) visit(child, path === "" ? key : `${path}.${key}`);
  };
  visit(settings, "");
  return flat;
}

/** Lists the settings in which configurations differ, of whatever kind each is. */
export function diffConfigs(configs: readonly object[]): readonly SettingDifference[] {
  const flat = configs.map(flattenSettings);
  const paths = new Set(flat.flatMap((each) => [...each.keys()]));
  return [...paths]
    .map((path) => ({ path, values: flat.map((each) => each.get(path)) }))
    .filter(({ values }) => new Set(values.map((value) => JSON.stringify(value))).size > 1);
}

/**
 * Lists the values of complete settings that differ from the defaults. A group with another variant than by default
 * (`noise.kind`) is listed in full, for the defaults of one variant say nothing about another's.
 */
export function listNonDefaults(kind: SettingsKind, settings: object): FlatSettings {
  const defaults = flattenSettings(SETTINGS_SCHEMAS[kind].parse({}));
  const flat = flattenSettings(settings);
  const groups = listChangedVariants(flat, defaults);
  return new Map(
    [...flat].filter(
      ([path, value]) =>
        groups.some((group) => path.startsWith(group)) || JSON.stringify(defaults.get(path)) !== JSON.stringify(value),
    ),
  );
}

function listChangedVariants(flat: FlatSettings, defaults: FlatSettings): readonly string[] {
  return [...listSettings().values()]
    .filter(({ path, picksVariant }) => picksVariant && flat.has(path) && flat.get(path) !== defaults.get(path))
    .map(({ path }) => path.slice(0, path.lastIndexOf(".") + 1));
}

function isGroup(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
