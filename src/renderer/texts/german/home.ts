import type { Catalogue } from "#renderer/texts/english.ts";

export const homeTexts: Catalogue["home"] = {
  title: "Start",
  notRead: "Die Übersicht konnte nicht gelesen werden",
  now: "In Arbeit",
  nothing: "Nichts ist in Arbeit",
  nothingText: "Suchen und Trainings, die laufen, stehen hier mit ihrem Fortschritt.",
  recent: "Letzte Läufe",
  noRecent: "Noch kein Lauf ist zu Ende",
  noRecentText: "Was Sie suchen und trainieren, bleibt hier, das Neueste zuerst.",
  device: "Dieser Rechner",
  cpu: "Prozessor",
  cores: (cores) => (cores === 1 ? "1 Kern" : `${cores} Kerne`),
  memory: "Speicher",
  memoryOf: (used, total) => `${used} von ${total}`,
  disk: "Frei auf der Platte",
  queued: "wartet, bis es an der Reihe ist",
  counts: {
    datasets: "Datensätze",
    searches: "Suchen",
    architectures: "Architekturen",
    models: "Modelle",
    evaluations: "Auswertungen",
  },
  next: "Nächster Schritt",
  starting: "Die Rechenmaschine wird vorbereitet…",
  demoFailed: "Die Demo konnte nicht starten",
  steps: {
    try_demo: {
      title: "Mit dem eingebauten Beispielsatz ausprobieren",
      text: "Eine kleine Suche läuft etwa zwei Minuten und zeigt Kurven, Op-Gewichte und die Zelle, wie sie entsteht. Die Bilder sind eingebaut; der allererste Start lädt auch die Rechenmaschine, etwa 270 MB.",
      action: "Demo-Suche starten",
    },
    add_photos: {
      title: "Eigene Fotos hinzufügen",
      text: "Zeigen Sie dem Labor einen Ordner. Die Fotos bleiben, wo sie sind.",
      action: "Fotos hinzufügen",
    },
    watch: {
      title: "Dem laufenden Lauf zusehen",
      text: "Kurven und Gewichte kommen live an.",
      action: "Öffnen",
    },
    resume: {
      title: "Ein Lauf blieb unfertig",
      text: "Er wurde beendet oder unterbrochen und geht vom letzten Checkpoint aus genau zu den Zahlen weiter, die er erreicht hätte.",
      action: "Ansehen",
    },
    search: {
      title: "Ein Netz für Ihre Fotos suchen",
      text: "Wählen Sie eine Vorlage; das Labor sagt vor dem Start, was sie auf diesem Rechner kostet.",
      action: "Neue Suche",
    },
    derive: {
      title: "Die Architektur ableiten",
      text: "Eine Suche ist fertig. Sehen Sie ihre Epochen an und leiten Sie das Netz ab, das sie gefunden hat.",
      action: "Suche öffnen",
    },
    train: {
      title: "Die gefundene Architektur trainieren",
      text: "Eine abgeleitete Architektur beginnt mit frischen Gewichten.",
      action: "Trainieren",
    },
    evaluate: {
      title: "Das trainierte Netz messen",
      text: "PSNR und SSIM auf einem Testsatz, mit Angabe des Messrezepts.",
      action: "Auswerten",
    },
    denoise: {
      title: "Fotos entrauschen",
      text: "Ihr Netz ist trainiert und gemessen: Ziehen Sie Fotos darauf.",
      action: "Entrauschen",
    },
  },
};
