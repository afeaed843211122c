import { type Language, LANGUAGES } from "#shared/api/preferences.ts";

export type { Language };

/** Where the window keeps the language, so that it opens in it at once; the lab keeps it too, as a preference. */
const KEY = "hinas.language";

/** Returns the language that this window opens in; English until another was chosen. */
export function readLanguage(): Language {
  const kept = typeof window === "undefined" ? null : window.localStorage.getItem(KEY);
  return LANGUAGES.find((language) => language === kept) ?? "en";
}

/** Keeps the language for the next time the window opens; tells whether it was kept and differs from what is on show. */
export function keepLanguage(language: Language): boolean {
  const before = readLanguage();
  window.localStorage.setItem(KEY, language);
  return before !== language && readLanguage() === language;
}
