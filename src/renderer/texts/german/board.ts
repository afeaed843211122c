import type { Catalogue } from "#renderer/texts/english.ts";

export const boardTexts: Catalogue["board"] = {
  panels: "Tafeln",
  shown: (shown, all) => (shown === all ? "Alle Tafeln" : `${shown} von ${all} Tafeln`),
  reset: "Anordnen wie zu Beginn",
  arrange: (title) => `„${title}“ anordnen`,
  enlarge: "Vergrößern",
  reduce: "So klein wie zuvor",
  earlier: "Nach vorn",
  later: "Nach hinten",
  hide: "Ausblenden",
};
