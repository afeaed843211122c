import { texts } from "#renderer/texts/texts.ts";

import type { FormField } from "./formFields.ts";

/** Names a setting for people: by the catalogue, or by its key, `minLearningRate` as `Min learning rate`. */
export function toSettingName(path: string): string {
  const named = texts.search.settingNames[path];
  if (named !== undefined) return named;
  const words = (path.split(".").at(-1) ?? path)
    .replace(/([a-z])([A-Z0-9])/g, "$1 $2")
    .replaceAll("_", " ")
    .toLowerCase();
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** Names one of a setting's choices for people. */
export function toChoiceName(path: string, choice: string): string {
  return texts.search.choices[`${path}=${choice}`] ?? texts.search.choices[choice] ?? choice;
}

/** Where the catalogue may say what a setting is for: `path@variant` for one variant alone, then `path`. */
export function helpKeysOf({ path, onlyFor }: Pick<FormField, "path" | "onlyFor">): readonly string[] {
  return onlyFor === null ? [path] : [`${path}@${onlyFor.value}`, path];
}

/** Says what a setting is for: by the catalogue, or by its schema, which is English. */
export function toSettingHelp(field: FormField): string | null {
  const key = helpKeysOf(field).find((each) => texts.search.settingHelp[each] !== undefined);
  return (key === undefined ? undefined : texts.search.settingHelp[key]) ?? field.description;
}
