import type { Catalogue } from "#renderer/texts/english.ts";

export const photoChooserTexts: Catalogue["photoChooser"] = {
  dataset: "Datensatz",
  photos: "Fotos des Datensatzes",
  notListed: "Die Fotos konnten nicht aufgelistet werden",
  none: "Dieser Datensatz hat keine Fotos",
  chosen: (count) => (count === 1 ? "1 Foto gewählt" : `${count} Fotos gewählt`),
  take: "Diese nehmen",
  takeOne: "Dieses nehmen",
  title: "Fotos eines Datensatzes wählen",
  titleOne: "Ein Foto wählen",
};
