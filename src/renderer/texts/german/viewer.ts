import type { Catalogue } from "#renderer/texts/english.ts";

export const viewerTexts: Catalogue["viewer"] = {
  failed: "Das Bild konnte nicht gezeigt werden",
  noAnswer: "Das Labor hat nicht geantwortet.",
  zoom: "Zoom",
  fit: "Einpassen",
  wipe: "Linie zwischen den beiden Bildern",
  loupe: "Lupe am Zeiger",
  keys: "Pfeiltasten verschieben, Plus und Minus zoomen, 0 passt ein.",
  shortcuts: {
    move: "Bild mit dem Fokus: verschieben",
    zoom: "Bild mit dem Fokus: größer, kleiner",
    fit: "Bild mit dem Fokus: ganz zeigen",
  },
};
