/** Panels that a person arranges. */
export const boardTexts = {
  panels: "Panels",
  shown: (shown: number, all: number) => (shown === all ? "All panels" : `${shown} of ${all} panels`),
  reset: "Arrange as at first",
  arrange: (title: string) => `Arrange “${title}”`,
  enlarge: "Enlarge",
  reduce: "As small as before",
  earlier: "Move forward",
  later: "Move back",
  hide: "Hide",
};
