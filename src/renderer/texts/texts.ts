import { chinese } from "./chinese.ts";
import { type Catalogue, english } from "./english.ts";
import { german } from "./german.ts";
import { type Language, readLanguage } from "./language.ts";

export type { Catalogue };

/** The window's texts in every language. */
export const CATALOGUES: Readonly<Record<Language, Catalogue>> = { en: english, de: german, zh: chinese };

/** Every text of the window, in the language that was chosen when it opened. */
export const texts: Catalogue = CATALOGUES[readLanguage()];
