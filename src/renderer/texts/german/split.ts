import type { Catalogue } from "#renderer/texts/english.ts";

export const splitTexts: Catalogue["cockpit"]["split"] = {
  title: "Welches Foto wohin kam",
  note: "die des Tests sah der Lauf nie",
  noteWithoutTest: "keine Fotos wurden für einen Test zurückgelegt",
  none: "Dieser Lauf begann, bevor Läufe ihre Aufteilung aufschrieben.",
  parts: {
    weights: "Gewichte",
    architecture: "Architektur",
    training: "Training",
    validation: "Validierung",
    test: "Test",
  },
  part: (name, count) => `${name} ${count}`,
  more: (count) => `und ${count} weitere`,
  look: "Nach Doppelten suchen",
  seenBefore: (network, count, first) =>
    `Das Netz ${network}, mit dem dieses Training beginnt, hat aus ${count === 1 ? `dem Foto ${first}` : `${count} Fotos (${first} und anderen)`} gelernt, an denen dieses Training gemessen wird. Zahlen darauf sind zu gut.`,
  sameSet: (network, dataset) =>
    `Das Netz ${network}, mit dem dieses Training beginnt, wurde ebenfalls auf ${dataset} trainiert, und niemand hat notiert, auf welchen Fotos. Es kann die gesehen haben, an denen dieses Training gemessen wird.`,
  notRead: "Die Aufteilung des Laufs konnte nicht gelesen werden",
  notLooked: "Die Fotos konnten nicht verglichen werden",
};
