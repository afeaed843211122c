import { texts } from "#renderer/texts/texts.ts";

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

/** Says what a setting is for: by its schema, or by the catalogue. */
export function toSettingHelp(path: string, description: string | null): string | null {
  return texts.search.settingHelp[path] ?? description;
}
