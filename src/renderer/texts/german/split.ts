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
  pair: (test, training) => `${test} ist dasselbe Bild wie ${training}`,
  notRead: "Die Aufteilung des Laufs konnte nicht gelesen werden",
  notLooked: "Die Fotos konnten nicht verglichen werden",
};
