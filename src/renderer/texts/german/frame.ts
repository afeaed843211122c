import type { Catalogue } from "#renderer/texts/english.ts";

export const frameTexts: Catalogue["frame"] = {
  product: "HiNAS Lab",
  skipToContent: "Zum Inhalt springen",
  rooms: "Räume",
  messages: "Meldungen",
  theme: { label: "Farben", light: "Hell", dark: "Dunkel", system: "Wie das System" },
  noJobs: "Nichts läuft",
  showJob: (name) => `${name} zeigen`,
  narrowMenu: "Menü verkleinern",
  widenMenu: "Menü verbreitern",
  connecting: "Verbindung zum Labor wird aufgebaut…",
  lost: "Das Labor antwortet nicht: Die Verbindung ist abgebrochen, oder sein Server wurde beendet. Arbeitet der Server noch, so laufen die Läufe weiter; sonst hat jeder seinen letzten Checkpoint. Dieses Fenster kommt von selbst zurück.",
  ended:
    "Der Server des Labors wurde beendet. Seine Läufe haben einen Checkpoint gespeichert und stehen still. Starten Sie `hinas serve` wieder, und dieses Fenster kommt von selbst zurück.",
  refused:
    "Das Labor hat dieses Fenster abgewiesen: Sein Token wurde erneuert. Öffnen Sie es mit der Adresse, die `hinas serve` ausgibt.",
  roomFailed: "Dieser Raum konnte nicht gezeigt werden",
  roomNotLoaded: (why) =>
    `Sein Programmcode kam nicht an; vielleicht wurde das Programm inzwischen erneuert. Ein neuer Versuch lädt das Fenster neu. (${why})`,
};

export const roomTexts: Catalogue["rooms"] = {
  home: "Start",
  datasets: "Datensätze",
  noise: "Rauschlabor",
  search: "Suche",
  architectures: "Architekturen",
  train: "Training und Test",
  compare: "Vergleich",
  denoise: "Entrauschen",
  studies: "Studien",
  settings: "Einstellungen",
};

export const actionTexts: Catalogue["actions"] = {
  cancel: "Abbrechen",
  close: "Schließen",
  tryAgain: "Noch einmal",
  copy: "Kopieren",
  copied: "Kopiert",
  remove: "Entfernen",
  save: "Speichern",
  add: "Hinzufügen",
  pause: "Anhalten",
  resume: "Fortsetzen",
  stop: "Beenden",
  start: "Starten",
  more: "Weitere Aktionen",
  open: "Öffnen",
};

export const statusTexts: Catalogue["status"] = {
  loading: "Wird geladen…",
  failed: "Das hat nicht geklappt",
  unknown: "nicht bekannt",
  none: "–",
  left: (duration) => `noch etwa ${duration}`,
};

export const runStateTexts: Catalogue["runStates"] = {
  queued: "wartet",
  preparing: "wird vorbereitet",
  running: "läuft",
  paused: "angehalten",
  finished: "fertig",
  failed: "fehlgeschlagen",
  stopped: "beendet",
  interrupted: "unterbrochen",
};

export const runKindTexts: Catalogue["runKinds"] = { search: "Suche", train: "Training" };

export const taskKindTexts: Catalogue["taskKinds"] = {
  import: "Aufnahme",
  evaluation: "Auswertung",
  denoise: "Entrauschen",
};

export const taskStateTexts: Catalogue["taskStates"] = {
  queued: "wartet auf das Gerät",
  running: "in Arbeit",
  paused: "angehalten",
  finished: "erledigt",
  failed: "fehlgeschlagen",
  cancelled: "abgebrochen",
};

export const listTexts: Catalogue["lists"] = {
  filter: "Filtern",
  count: (matching, total) => (matching === total ? `${total}` : `${matching} von ${total}`),
  columns: "Spalten",
  copyAs: (format) => `Als ${format} kopieren`,
  saveAs: (format) => `Als ${format} speichern`,
  tableMenu: (caption) => `Spalten und Dateien: ${caption}`,
  noMatch: "Nichts passt",
  noMatchText: "Keine Zeile enthält alle diese Wörter.",
  more: (rows) => `${rows} weitere zeigen`,
};

export const momentTexts: Catalogue["moments"] = {
  now: "gerade eben",
  minutesAgo: (minutes) => `vor ${minutes} min`,
  today: (clock) => `heute ${clock}`,
};
