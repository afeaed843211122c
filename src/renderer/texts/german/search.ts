import type { Catalogue } from "#renderer/texts/english.ts";

import { groupHelp, groups, presetNames, presetTexts } from "./searchGroups.ts";
import { choices } from "./searchSettings.ts";
import { settingHelp } from "./settingHelp.ts";
import { settingNames } from "./settingNames.ts";

export const searchTexts: Catalogue["search"] = {
  title: "Suchen",
  intro: "Eine Suche trainiert ein Supernetz und findet heraus, welche Operationen und Breiten zu Ihren Fotos passen.",
  create: "Neue Suche",
  none: "Noch keine Suche",
  noneText: "Beginnen Sie mit der Vorlage „Kurz“: Sie zeigt in Minuten, was eine Suche tut.",
  notListed: "Die Läufe konnten nicht aufgelistet werden",
  columns: {
    state: "Zustand",
    name: "Name",
    progress: "Fortschritt",
    best: "Bestes PSNR",
    ssim: "SSIM",
    dataset: "Datensatz",
    created: "Begonnen",
  },
  tableLabel: "Suchen, die neueste zuerst",

  newTitle: "Neue Suche",
  newIntro: "Beginnen Sie mit einer Vorlage. Formular, YAML und Befehl sagen immer dasselbe.",
  start: "Suche starten",
  notStarted: "Die Suche konnte nicht starten",
  notResolved: "Die Einstellungen konnten nicht geprüft werden",
  preset: "Vorlage",
  recommended: "Empfohlen",
  presetNames,
  presetTexts,
  back: "Alle Suchen",

  long: {
    title: "Das dauert länger als einen Tag",
    text: (time) =>
      `Auf diesem Rechner wird es etwa ${time} dauern. Die Vorlagen „Kurz“ und „Über Nacht“ brauchen weniger. Ein Lauf lässt sich jederzeit anhalten, beenden und fortsetzen.`,
    unknown:
      "Auf diesem Rechner wurde noch nichts gemessen; auf zwei üblichen Kernen würde es länger als einen Tag dauern. Die Vorlagen „Kurz“ und „Über Nacht“ brauchen weniger.",
    action: "Trotzdem starten",
  },

  yaml: "Als YAML",
  yamlNote: "nur was von den Voreinstellungen abweicht",
  yamlEmpty: "# nichts weicht von den Voreinstellungen ab",
  line: (line) => `Zeile ${line}:`,
  command: "Als Befehl",
  copyCommand: "Befehl kopieren",
  off: "aus",
  sampleSet: "Beispielsatz (eingebaut)",

  picture: {
    title: "Der Suchraum als Bild",
    cell: (nodes, edges, operations) =>
      `Zelle mit ${nodes} Knoten; an jeder ihrer ${edges} Kanten stehen zur Wahl ${operations}`,
    widths: (layers, factors) => `Breiten ${factors} über ${layers} ${layers === 1 ? "Schicht" : "Schichten"}`,
    stem: "Stamm",
    counts: {
      nodes: { label: "Knoten", fewer: "Weniger Knoten", more: "Mehr Knoten" },
      layers: { label: "Schichten", fewer: "Weniger Schichten", more: "Mehr Schichten" },
      widthFactors: { label: "Breiten", fewer: "Weniger Breiten", more: "Mehr Breiten" },
    },
    operations: "Operationen, die an jeder Kante zur Wahl stehen",
  },

  cost: {
    title: "Was es hier kosten wird",
    time: "Zeit",
    memory: "Speicher",
    parameters: "Parameter",
    multiplyAdds: "Multiply-Adds je Pixel",
    steps: "Schritte",
    available: "Verfügbarer Speicher",
    about: (value) => `etwa ${value}`,
    noBasis: "Auf diesem Rechner wurde noch nichts gemessen, darum ist die Zeit nicht bekannt.",
    otherKinds: {
      search: (runs) =>
        `Mit dieser Rechenmaschine wurde noch kein Training gemessen: eine grobe Zeit aus ${runs} ${runs === 1 ? "Suche" : "Suchen"}.`,
      train: (runs) =>
        `Mit dieser Rechenmaschine wurde noch keine Suche gemessen: eine grobe Zeit aus ${runs} ${runs === 1 ? "Training" : "Trainings"}.`,
    },
    timing: "Zeitmessung: Schritte genau dieses Netzes werden eine Sekunde lang gerechnet…",
    timed: {
      alone: "Schritte genau dieses Netzes wurden hier eine Sekunde lang gerechnet.",
      beside_a_run:
        "Schritte genau dieses Netzes wurden hier eine Sekunde lang gerechnet, während ein anderer Lauf arbeitete; allein geht es schneller.",
    },
    sameSize: "Die Zeit beruht auf einem früheren Lauf derselben Größen.",
    otherSizes: (runs) =>
      `Die Zeit ist aus ${runs} ${runs === 1 ? "früheren Lauf" : "früheren Läufen"} anderer Größen errechnet.`,
    tooLarge:
      "Das braucht mehr Speicher, als jetzt verfügbar ist. Kleinere Ausschnitte, Batches oder weniger Filter brauchen weniger.",
  },

  groups,
  groupHelp,
  settingNames,
  settingHelp,
  choices,
};
