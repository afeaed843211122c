import type { Catalogue } from "#renderer/texts/english.ts";

export const chartTexts: Catalogue["charts"] = {
  log: "log",
  fit: "angepasst",
  asTable: "Als Tabelle zeigen",
  tableOf: (title) => `${title} als Tabelle`,
  moreRows: (count) => `${count} frühere Zeilen fehlen hier; die CSV-Datei enthält alle.`,
  saveCsv: "Als CSV speichern",
  copyCsv: "Als CSV kopieren",
  savePng: "Als PNG speichern",
  notSaved: "Das Bild konnte nicht gespeichert werden",
  notRead: "Der ganze Lauf konnte nicht gelesen werden",
  notCopied: "Konnte nicht kopiert werden",
  zoomQuarter: "Auf das letzte Viertel zoomen",
  zoomTenth: "Auf das letzte Zehntel zoomen",
  resetZoom: "Ganzer Bereich",
  smoothing: "Glättung",
  xAxis: "Achse",
  byStep: "Schritt",
  byEpoch: "Epoche",
  byTime: "Zeit",
  summary: (title, newest) => `${title}. Neueste Werte: ${newest}`,
};
