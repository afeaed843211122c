import type { Catalogue } from "#renderer/texts/english.ts";

import { noiseKindTexts } from "./noiseKinds.ts";

const WRONG = "Das ist noch keine Einstellung für Rauschen.";
const GAIN_WRONG = "Es muss eine Zahl von 1 bis 10 sein, oder ein Bereich wie 1.9..2.4.";
const BLUR_WRONG = "Es muss eine Zahl von 0 bis 10 sein, oder ein Bereich wie 0..1.";
const GAIN_HELP = "Varianz je Einheit des Signals, beide auf der Skala von 0 bis 1.";

const parameters: Catalogue["noise"]["parameters"] = {
  gaussian: {
    sigma255: {
      label: "Sigma (0 bis 255)",
      help: "Ein Wert, eine Liste zur Auswahl (30, 50, 70) oder ein Bereich, je Ausschnitt gezogen (0..55).",
      wrong: WRONG,
    },
  },
  poisson_gaussian: {
    gain: { label: "Verstärkung", help: GAIN_HELP, wrong: GAIN_HELP },
    sigma255: { label: "Konstanter Teil, Sigma (0 bis 255)", help: null, wrong: WRONG },
  },
  camera: {
    shotNoise: {
      label: "Photonenrauschen",
      help: "Varianz je Einheit des Signals auf dem Sensor; ein Wert oder ein Bereich (0.0001..0.012). 0: kein Rauschen des Sensors.",
      wrong: "Es muss eine Zahl von 0 bis 1 sein, oder ein Bereich über 0 wie 0.0001..0.012.",
    },
    readNoise: {
      label: "Ausleserauschen",
      help: "Ein Vielfaches dessen, was Kameras neben dem Photonenrauschen haben.",
      wrong: "Es muss eine Zahl von 0 bis 100 sein, oder ein Bereich wie 0.77..1.3.",
    },
    redGain: { label: "Weißabgleich, Rot", help: "1 lässt es, wie es ist.", wrong: GAIN_WRONG },
    blueGain: { label: "Weißabgleich, Blau", help: null, wrong: GAIN_WRONG },
    demosaicing: { label: "Demosaicing", help: null, wrong: WRONG },
    mosaicDetail: {
      label: "Auch das Bild geht durch das Mosaik",
      help: "Macht das Bild weicher; aus geht nur das Rauschen hindurch, denn ein Foto war schon in einer Kamera.",
      wrong: WRONG,
    },
    colourMatrix: {
      label: "Farbmatrix",
      help: "Von den matten Farben des Sensors zu denen der Datei; 0 ist keine.",
      wrong: "Es muss eine Zahl von 0 bis 2 sein, oder ein Bereich wie 0..0.5.",
    },
    toneCurve: {
      label: "Kontrastkurve",
      help: "0 ist sRGB allein.",
      wrong: "Es muss eine Zahl von 0 bis 1 sein, oder ein Bereich wie 0..1.",
    },
    lumaBlurPx: {
      label: "Entrauschen der Kamera, Luma (px)",
      help: "Sigma einer Unschärfe des Rauschens.",
      wrong: BLUR_WRONG,
    },
    chromaBlurPx: { label: "Entrauschen der Kamera, Chroma (px)", help: null, wrong: BLUR_WRONG },
    eightBits: { label: "8 Bit", help: "Begrenzt und gerundet, wie eine JPEG-Datei immer ist.", wrong: WRONG },
    jpeg: { label: "JPEG", help: "Chroma je Pixel (4:4:4) oder je 2 x 2 Pixel (4:2:0).", wrong: WRONG },
    jpegQuality: {
      label: "JPEG-Qualität",
      help: null,
      wrong: "Es muss eine Zahl von 1 bis 100 sein, oder ein Bereich wie 60..100.",
    },
  },
  paired: {},
};

export const noiseTexts: Catalogue["noise"] = {
  title: "Rauschlabor",
  intro:
    "Sehen Sie, was eine Rauscheinstellung mit einem Foto macht: Derselbe Startwert gibt dieselben Pixel, die Suchen, Trainings und Tests bekommen.",

  view: "Was zu sehen ist",
  views: { photo: "Ganzes Foto", patch: "Trainingsausschnitt" },
  photoHelp: "Mit dem Rauschen, das eine Auswertung mit diesem Startwert darauf legt.",
  patchHelp: "Geschnitten, gedreht und verrauscht, wie ein Lauf mit diesen Einstellungen es in diesem Schritt tut.",
  dataset: "Datensatz",
  photo: "Foto",
  pictures: "Bilder",
  channels: { 1: "Grau", 3: "Farbe" },
  choosePhoto: "Wählen…",
  firstPhoto: "das erste",
  settingsOf: "Einstellungen von",
  settingsOfSearch: "Übliche Suche",
  settingsOfTraining: "Übliches Training",
  settingsOfRun: (kind, name) => `${kind}: ${name}`,
  ownSettings: "Wie unten gesetzt",
  runNotRead: "Die Einstellungen des Laufs konnten nicht gelesen werden",
  set: "Wessen Batches",
  sets: { weights: "Suche, Gewichtsschritte", architecture: "Suche, Architekturschritte", training: "Training" },
  step: "Schritt",
  index: "Ausschnitt des Batches",
  patchSize: "Größe des Ausschnitts",
  batchSize: "Größe des Batches",
  less: (name) => `${name}: eins weniger`,
  more: (name) => `${name}: eins mehr`,

  noise: "Rauschen",
  kind: "Art des Rauschens",
  kinds: noiseKindTexts,
  kindHelp: {
    gaussian: "Überall im Bild gleich.",
    poisson_gaussian: "Stärker, wo das Bild hell ist, wie in einer Kamera, mit einem konstanten Teil.",
    camera:
      "Wie in einem fertigen Farbfoto: Rauschen auf dem Mosaik des Sensors, Demosaicing, Weißabgleich, Tonwertkurve, 8 Bit, JPEG.",
    paired: "Keines kommt hinzu: Von jedem Kamerapaar wird das verrauschte Foto genommen.",
  },
  parameters,
  seed: "Startwert",
  newSeed: "Anderer Startwert",

  fitCamera: "Meine Kamera vermessen",
  profiles: "Rauschprofile",
  profilesHelp: "Einstellungen mit einem Namen, für die Formulare von Suchen und Trainings und zum Entrauschen.",
  noProfiles: "Noch keines gespeichert. Geben Sie der Einstellung oben einen Namen, um sie zu behalten.",
  profilesNotListed: "Die Profile konnten nicht aufgelistet werden",
  name: "Name des Profils",
  save: "Speichern",
  replaces: "Ersetzt das Profil dieses Namens.",
  saved: (name) => `${name} wurde gespeichert`,
  notSaved: "Das Profil konnte nicht gespeichert werden",
  use: (name) => `${name} benutzen`,
  actionsOf: (name) => `Aktionen für ${name}`,
  rename: "Umbenennen",
  renameTitle: (name) => `${name} umbenennen`,
  notRenamed: "Das Profil konnte nicht umbenannt werden",
  taken: "Ein anderes Profil heißt so.",
  remove: "Löschen",
  removeTitle: (name) => `Profil ${name} löschen?`,
  removeText: "Läufe, die damit gestartet wurden, behalten ihre Einstellungen.",
  notRemoved: "Das Profil konnte nicht gelöscht werden",
  search: "Damit suchen",
  pick: "Rauschprofil",
  pickHelp: "Füllt die Felder dieser Gruppe aus.",
  pickNone: "Wie hier gesetzt",

  layout: "Anordnung",
  layouts: { three: "Sauber, verrauscht und Rauschen", wipe: "Wischen", noisy: "Nur verrauscht" },
  clean: "Sauber",
  noisy: "Verrauscht",
  difference: "Rauschen, verstärkt",
  picture: "Verrauschtes Bild",
  notShown: "Das Rauschen konnte nicht gezeigt werden",
  holdKeys: [
    { key: "B", does: "sauber" },
    { key: "D", does: "Rauschen" },
  ],

  shortcuts: {
    clean: "Rauschlabor: das saubere Foto zeigen, solange gehalten",
    difference: "Rauschlabor: das Rauschen zeigen, solange gehalten",
  },

  histogram: "Histogramm des Rauschens",
  measured: "gemessen",
  expected: "erwartet",
  difference255: "Verrauscht minus sauber (0 bis 255)",
  count: "Werte",
  facts: {
    drawn: "Gezogenes Sigma",
    drawnShot: "Gezogenes Photonenrauschen",
    drawnBlur: "Gezogenes Entrauschen der Kamera",
    drawnJpeg: "Gezogenes JPEG",
    levels: "Abweichung, dunkel bis hell",
    correlation: "Korrelation (Luma, Chroma)",
    deviation: "Standardabweichung",
    mean: "Mittelwert",
    estimated: "Aus dem verrauschten Bild geschätzt",
    psnr: "PSNR",
    ssim: "SSIM",
    size: "Größe",
    photo: "Foto",
  },
};
