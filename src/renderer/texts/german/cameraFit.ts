import type { Catalogue } from "#renderer/texts/english.ts";

export const cameraFitTexts: Catalogue["cameraFit"] = {
  title: "Meine Kamera vermessen",
  intro: "Misst das Rauschen Ihrer Kamera an wenigen Fotos, behält es als Profil und stimmt ein Netz darauf ab.",
  open: "Fotos wählen…",
  openTitle: "Fotos einer Szene, oder eine gleichmäßige Fläche",
  others: "Andere Fotos…",
  back: "Rauschlabor",
  dropHint: "Loslassen, um ihr Rauschen zu messen",
  emptyTitle: "Fotos hier ablegen",
  emptyText:
    "Ein verrauschtes und ein sauberes Foto, zwei oder mehr Aufnahmen einer Szene vom Stativ, oder eine gleichmäßige Wand, unscharf. Am besten als TIFF mit 16 Bit, entwickelt ohne Entrauschen, Schärfen und Tonwertkurve.",
  measuring: (count) => (count === 1 ? "Ein Foto wird vermessen…" : `${count} Fotos werden vermessen…`),
  sending: (sent, total) => `Foto ${sent + 1} von ${total} wird gesendet…`,
  notMeasured: "Das Rauschen ließ sich nicht messen",
  photos: "Fotos",
  way: "Genommen als",
  wayByPhotos: "Wie die Fotos es zeigen",
  ways: {
    pair: "Ein verrauschtes und ein sauberes Foto",
    burst: "Eine Serie einer Szene",
    flat: "Gleichmäßige Flächen",
  },
  wayHelp: {
    pair: (clean) => `Was sich von ${clean} unterscheidet, das als sauberes Foto gilt.`,
    burst: () => "Was sich zwischen Aufnahmen derselben Szene vom selben Ort unterscheidet.",
    flat: () => "Was von einer gleichmäßigen Fläche bleibt, wenn der Lichtabfall abgezogen ist.",
  },

  chart: "Varianz des Rauschens über der Helligkeit",
  brightness: "Helligkeit (0 bis 255)",
  variance: "Varianz (0 bis 255, quadriert)",
  measured: "gemessen",
  line: "angepasste Gerade",
  facts: "Die Anpassung",
  gain: "Verstärkung",
  sigma: "Konstanter Teil, Sigma",
  residual: "Neben der Geraden",
  range: "Helligkeit",
  rangeOf: (from, to) => `${from} bis ${to}`,
  values: "Werte",
  clipped: "Ausgelassen, abgeschnitten",
  poor: "Das Rauschen liegt weit neben einer Geraden, wie in fertigen Fotos mit Tonwertkurve: Das Profil ist ein grobes.",
  notWhite:
    "Benachbarte Pixel haben Rauschen gemeinsam, wie in fertigen Fotos. Das Profil hat das nicht; die Art „Kamera“ des Rauschlabors hat es.",

  profile: "Rauschprofil",
  profileHelp: "Mit einem Namen bieten Suchen, Trainings und Entrauschen es an.",
  saved: (name) => `Gespeichert als ${name}.`,

  fineTune: "Ein Netz abstimmen",
  fineTuneHelp:
    "Ein kurzes Training, etwa fünf Minuten, das mit den Filtern eines Netzes beginnt und das Rauschen Ihrer Kamera hat.",
  network: "Netz",
  noNetwork: "Noch kein Netz nimmt solche Bilder.",
  data: "Saubere Fotos",
  begin: "Ein Netz darauf abstimmen",
  saveFirst: "Speichern Sie zuerst das Profil.",
  notBegun: "Das Abstimmen ließ sich nicht beginnen",
  runName: (network, profile) => `${network} für ${profile}`,
};
