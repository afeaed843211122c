import type { FormField } from "./formFields.ts";

/** Settings without which a variant would be incomplete, for when it is chosen. */
const FIRST_VALUES: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  "noise.kind=gaussian": { "noise.sigma255": 30 },
  "noise.kind=poisson_gaussian": { "noise.gain": 0.01, "noise.sigma255": 5 },
};

/**
 * Lists what else is entered when a field takes a value: where it picks a variant, the settings of the variant that is left
 * go back to undefined, as the lab does with those of presets and files, and the chosen one gets its first values.
 */
export function listFollowingChanges(
  fields: readonly FormField[],
  path: string,
  value: unknown,
): ReadonlyMap<string, unknown> {
  const changes = new Map<string, unknown>();
  for (const { path: other, onlyFor } of fields) if (onlyFor?.path === path) changes.set(other, undefined);
  for (const [other, first] of Object.entries(FIRST_VALUES[`${path}=${String(value)}`] ?? {}))
    changes.set(other, first);
  return changes;
}
