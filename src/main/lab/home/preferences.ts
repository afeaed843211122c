import { DEFAULT_PREFERENCES, type Preferences, preferencesSchema } from "#shared/api/preferences.ts";

import type { LabContext } from "#main/lab/labContext.ts";

/** Some preferences; what is undefined stays as it is. */
type Changes = { readonly [Name in keyof Preferences]?: Preferences[Name] | undefined };

/** Reads what the person prefers; what was never set, or makes no sense any more, has its default. */
export function getPreferences(context: LabContext): Preferences {
  const kept = context.getStore().preferences.readAll();
  const sound = Object.entries(kept).filter(
    ([name, value]) => preferencesSchema.partial().safeParse({ [name]: value }).success,
  );
  return preferencesSchema.parse({ ...DEFAULT_PREFERENCES, ...Object.fromEntries(sound) });
}

/** Changes what is given and returns all. */
export function setPreferences(context: LabContext, changes: Changes): Preferences {
  const store = context.getStore();
  store.inTransaction(() => {
    for (const [name, value] of Object.entries(changes)) if (value !== undefined) store.preferences.put(name, value);
  });
  context.changes.tell({ kind: "stale", topic: "preferences" });
  return getPreferences(context);
}
