import { english } from "./english.ts";

/** Every text of the window. Another language is another object of this shape, chosen here. */
export type Catalogue = typeof english;

export const texts: Catalogue = english;
