/** Where a layer of settings comes from; later in the list wins over earlier. */
export type LayerOrigin = "default" | "preset" | "search" | "user" | "project" | "file" | "env" | "flag";

/** A nested bunch of settings from one source. */
export interface SettingsLayer {
  readonly origin: LayerOrigin;
  readonly values: Readonly<Record<string, unknown>>;
  /** Names the place where a setting was written, e.g. `hinas.yaml line 7` or `--set search.epochs=5`. */
  placeOf(path: readonly string[]): string;
}

/** Tells whether a value is a plain mapping and not a list, null or scalar. */
export function isMapping(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
