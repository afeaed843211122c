import type { Catalogue } from "#renderer/texts/english.ts";

export const tourTexts: Catalogue["tour"] = {
  title: "Ein kurzer Rundgang",
  offer: "Neu hier? Ein Rundgang von einer Minute zeigt die Räume.",
  place: (step, steps) => `${step} von ${steps}`,
  back: "Zurück",
  next: "Weiter",
  done: "Anfangen",
  skip: "Rundgang überspringen",
  again: "Rundgang zeigen",
  steps: {
    home: {
      title: "Willkommen im HiNAS Lab",
      text: "Hier werden Netze gesucht, trainiert und benutzt, die Fotos entrauschen. „Start“ zeigt, was läuft und was als Nächstes kommt; die Demo dort dauert etwa zwei Minuten.",
    },
    datasets: {
      title: "Ihre Fotos bleiben, wo sie sind",
      text: "Nehmen Sie Ordner mit sauberen Fotos auf, oder Paare aus verrauschten und sauberen. Nichts wird kopiert oder verändert. Bis dahin gibt es einen eingebauten Beispielsatz.",
    },
    search: {
      title: "Eine Suche findet eine Architektur",
      text: "Wählen Sie eine Vorlage. Das Labor sagt vorher, was sie auf diesem Rechner kostet, und zeigt live, welche Operationen und Breiten gewinnen.",
    },
    train: {
      title: "Ein Training macht daraus ein Netz",
      text: "Die abgeleitete Architektur beginnt mit frischen Gewichten. Danach wird sie an Fotos gemessen, die sie nicht gesehen hat.",
    },
    denoise: {
      title: "Fotos ablegen, in jedem Raum",
      text: "Netze liegen dem Programm bei, darum geht das von der ersten Minute an. Die Originale werden nie überschrieben.",
    },
    settings: {
      title: "Sprachen, Tasten und Wörter",
      text: "In den Einstellungen stehen die Sprache, die Tastenkürzel und ein Glossar aller Wörter, die hier vorkommen.",
    },
  },
};

export const noticeTexts: Catalogue["notices"] = {
  finished: (name) => `${name} ist fertig`,
  failed: (name) => `${name} ist fehlgeschlagen`,
  interrupted: (name) => `${name} wurde unterbrochen`,
};

export const glossaryTexts: Catalogue["glossary"] = {
  title: "Glossar",
  filter: "Glossar filtern",
  noMatch: "Kein Wort passt.",
  terms: {
    supernet: {
      term: "Supernetz",
      text: "Ein großes Netz, das alle Kandidaten enthält; eine Suche trainiert es und lernt, welche Teile zählen.",
    },
    searchSpace: { term: "Suchraum", text: "Alle Architekturen, die eine Suche finden kann." },
    cell: {
      term: "Zelle",
      text: "Ein kleiner Graph aus Operationen; das Netz ist eine Reihe, oder ein U, aus Zellen.",
    },
    node: { term: "Knoten", text: "Eine Merkmalskarte in einer Zelle: die Summe der Kanten, die in sie führen." },
    edge: { term: "Kante", text: "Der Weg von einem Knoten zum andern, mit einer Operation darauf." },
    primitive: { term: "Primitiv", text: "Eine Kandidatenoperation mit ihrem Namen, etwa eine 3 × 3-Faltung." },
    mixedOp: {
      term: "Gemischte Op",
      text: "Die gewichtete Summe aller Primitive einer Kante, solange sie unentschieden ist.",
    },
    alpha: { term: "Alpha", text: "Was eine Suche über Primitive lernt; sein Softmax sind die Op-Gewichte." },
    beta: { term: "Beta", text: "Was eine Suche über Breiten lernt; sein Softmax sind die Wechselgewichte." },
    widthLevel: { term: "Breitenstufe", text: "Wie viele Kanäle eine Schicht hat: ein Vielfaches der Filter." },
    genotype: { term: "Genotyp", text: "Eine Architektur als reine Daten: welche Operationen wo, und wie breit." },
    derive: { term: "Ableiten", text: "Die stärksten Operationen und den besten Breitenpfad einer Suche behalten." },
    warmUp: { term: "Aufwärmphase", text: "Epochen, in denen nur die Gewichte lernen, bevor Alpha und Beta es tun." },
    archStep: {
      term: "Architekturschritt",
      text: "Ein Lernschritt für Alpha und Beta, auf der Architekturhälfte der Fotos.",
    },
    weightStep: { term: "Gewichtsschritt", text: "Ein Lernschritt für die Filter, auf der Gewichtshälfte der Fotos." },
    validation: {
      term: "Validierung",
      text: "Fotos, die keine der Hälften hat und an denen der Fortschritt gemessen wird.",
    },
    sigma: { term: "Sigma", text: "Die Stärke des Rauschens: seine Standardabweichung auf der Skala von 0 bis 255." },
    patch: { term: "Ausschnitt", text: "Ein zufällig aus einem Foto geschnittenes Quadrat für einen Lernschritt." },
    tile: { term: "Kachel", text: "Ein regelmäßiger Teil eines großen Fotos; Nähte zwischen Kacheln sieht man nicht." },
    psnr: { term: "PSNR", text: "Wie nah ein Bild dem sauberen ist, in Dezibel; mehr ist besser." },
    ssim: { term: "SSIM", text: "Wie ähnlich sich die Strukturen zweier Bilder sind, höchstens 1." },
    haarPsi: {
      term: "HaarPSI",
      text: "Wie ähnlich zwei Bilder auf Menschen wirken, nach ihren Kanten in mehreren Größen, höchstens 1.",
    },
    recipe: {
      term: "Messrezept",
      text: "Wie eine Zahl gemessen wurde: Fotos, Rauschen, Rundung, Startwerte. Nur gleiche Rezepte sind vergleichbar.",
    },
    checkpoint: {
      term: "Checkpoint",
      text: "Was ein Lauf bisher gelernt hat, in einer Datei, von der aus er weitergehen kann.",
    },
    preset: { term: "Vorlage", text: "Einstellungen mit einem Namen, die dem Programm beiliegen." },
    receptiveField: { term: "Rezeptives Feld", text: "Wie weit um ein Pixel herum das Netz schaut." },
    multiplyAdds: { term: "Multiply-Adds", text: "Wie viel für jedes Pixel zu rechnen ist." },
    selfEnsemble: { term: "Self-Ensemble", text: "Das Mittel der Ergebnisse für die acht Lagen eines Fotos." },
    paretoFront: { term: "Pareto-Front", text: "Netze, zu denen es kein zugleich billigeres und besseres gibt." },
  },
};
