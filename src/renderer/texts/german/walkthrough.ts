import type { Catalogue } from "#renderer/texts/english.ts";

export const walkthroughTexts: Catalogue["walkthrough"] = {
  title: "Die Arbeit wiederholen, Schritt für Schritt",
  intro:
    "Was HiNAS (Zhang und andere, IJCV 2022, arXiv 2012.13212) tat, Raum für Raum. Jeder Schritt führt in seinen Raum; eine kurze Form davon dauert Minuten.",
  open: "Die Arbeit wiederholen",
  place: (step) => `Schritt ${step}`,
  steps: {
    data: {
      title: "Daten",
      text: "Die Arbeit sucht und trainiert auf den Fotos train und val von BSDS500, zusammen 300. Alle 68 Fotos von BSD68 sind darunter: Ein Netz, das auf ihnen trainiert wurde, wird stattdessen auf Set12 gemessen.",
      picture: "Der Raum der Datensätze, mit Fotos aus jedem",
    },
    noise: {
      title: "Rauschen",
      text: "Die Arbeit hat gaußsches Rauschen von Sigma 30, 50 und 70, ein Netz für jedes. Die Rauschbank zeigt, wie das auf Ihren Fotos aussieht und was vom Rauschen abgeschnitten wird.",
      picture: null,
    },
    search: {
      title: "Suche",
      text: "Ein großes Netz enthält alle Kandidaten. Seine Gewichte lernen von der einen Hälfte der Fotos, Alpha und Beta von der anderen. Achten Sie im Cockpit auf dreierlei: Abstände, Breiten und Skips.",
      picture: "Das Cockpit einer Suche: Kurven, die Zelle, und welche Operationen gewinnen",
    },
    derive: {
      title: "Ableiten",
      text: "Von jedem Knoten bleiben die zwei stärksten Kanten, none nie; den Breitenpfad findet Viterbis Algorithmus. Jede Wahl hat ihre Begründung.",
      picture: "Eine abgeleitete Architektur, mit den Gründen für ihre Kanten",
    },
    train: {
      title: "Trainieren",
      text: "Die Architektur beginnt mit frischen Gewichten. Das Formular sagt vorher, was das Training hier kostet; Daten, Rauschen und Startwert der Suche gehen mit.",
      picture: "Ein Training: Verlust, Validierung und Bilder unterwegs",
    },
    measure: {
      title: "Messen",
      text: "Zu jeder Zahl gehört ihr Rezept, mit Namen. Mit einem anderen Rezept hat dasselbe Netz eine andere Zahl; Arbeiten sagen selten, welches das ihre ist.",
      picture: null,
    },
    compare: {
      title: "Vergleichen",
      text: "Das Netz steht neben veröffentlichten Zahlen desselben Tests, BM3D und den mitgelieferten Netzen. Ob es der Suche zu verdanken ist, sagen Kontrollen mit gleichem Aufwand.",
      picture: "Netze im Vergleich: was sie erreichen und was sie kosten",
    },
    denoise: {
      title: "Entrauschen",
      text: "Legen Sie Fotos in einem beliebigen Raum ab. Die Quellen werden nie überschrieben, und ein Netz, dem das Rauschen gesagt wird, nimmt die Schätzung jedes Fotos.",
      picture: null,
    },
  },
  actions: {
    datasets: "Datensätze",
    noise: "Rauschbank",
    quickSearch: "Neue kurze Suche",
    cockpit: "Neueste Suche",
    derive: "Aus der neuesten Suche ableiten",
    train: "Neues Training",
    measure: "Neuestes Training",
    compare: "Vergleichen",
    denoise: "Entrauschen",
  },
  noSearch: "Es gibt noch keine Suche.",
  noTraining: "Es gibt noch kein Training.",
};
