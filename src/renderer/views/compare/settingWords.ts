import { texts } from "#renderer/texts/texts.ts";
import { toSettingName } from "#renderer/components/settingsForm/settingNames.ts";

/** Settings whose value is a name that somebody gave, and says the same in any language. */
const GIVEN = /(^|\.)(name|dataset|profile|startFrom|architecture)$/;

/** Says the value of a setting in words: `On`, `0 to 55`, `Adam`, `3x3 conv, skip`, or what each part of it is. */
export function toValueWords(path: string, value: unknown): string {
  const words = texts.compare;
  if (value === undefined || value === null || value === "") return words.unset;
  if (typeof value === "boolean") return value ? words.on : words.off;
  if (typeof value === "number") return texts.search.choices[`${path}=${value}`] ?? String(value);
  if (typeof value === "string") return GIVEN.test(path) ? value : toChoiceWords(path, value);
  if (Array.isArray(value)) {
    if (value.length === 0) return words.nothing;
    const isOfGroups = value.some((each) => typeof each === "object");
    return value.map((each) => toValueWords(path, each)).join(isOfGroups ? "; " : ", ");
  }
  return toGroupWords(path, Object.entries(value));
}

function toGroupWords(path: string, parts: readonly (readonly [string, unknown])[]): string {
  const [from, to] = ["from", "to"].map((name) => parts.find(([key]) => key === name)?.[1]);
  if (parts.length === 2 && from !== undefined && to !== undefined) {
    return texts.compare.range(toValueWords(path, from), toValueWords(path, to));
  }
  return parts
    .map(([key, value]) => `${toSettingName(`${path}.${key}`)} ${toValueWords(`${path}.${key}`, value)}`)
    .join(", ");
}

function toChoiceWords(path: string, choice: string): string {
  const primitives: Readonly<Record<string, string | undefined>> = texts.cockpit.primitives;
  const { choices } = texts.search;
  return choices[`${path}=${choice}`] ?? choices[choice] ?? primitives[choice] ?? choice.replaceAll("_", " ");
}
