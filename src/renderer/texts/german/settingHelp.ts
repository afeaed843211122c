import type { Catalogue } from "#renderer/texts/english.ts";

import { searchHelp } from "./searchHelp.ts";

/** What settings are for; English has it from their schemas. */
export const settingHelp: Catalogue["search"]["settingHelp"] = {
  ...searchHelp,

  name: "Ein Name für Menschen; leer: aus Datensatz und Startwert gebildet.",
  seed: "Gleicher Startwert und gleiche Einstellungen ergeben den gleichen Lauf.",

  "data.dataset":
    "Name eines angemeldeten Datensatzes, ein Ordner sauberer Fotos oder „sample“ für den eingebauten Satz.",
  "data.validationShare":
    "Anteil der Fotos außerhalb des Tests, dem Namen nach die letzten, der zur Validierung zurückgelegt wird (mindestens eines).",
  "data.maxPhotos": "Nur so viele Fotos benutzen, dem Namen nach die ersten.",
  "data.test.kind":
    "Der Lauf sieht diese Fotos nie, damit sein Netz danach an ihnen gemessen werden kann. Eine Suche und das Training ihres Fundes legen dieselben zurück.",
  "data.test.share": "Über 0 und unter 1.",
  "data.test.photos": "Wie viele Fotos es sind.",
  "data.test.names":
    "Pfade unterhalb des Ordners des Datensatzes, durch Semikolons getrennt: a.png; reise/b.png. Bei Paaren der des sauberen Fotos.",
  "data.test.seed": "Von ihm und den Namen hängt ab, welche Fotos es sind; nicht vom Startwert des Laufs.",

  "augmentation.rescaleProbability":
    "Wahrscheinlichkeit, dass ein Foto vergrößert oder verkleinert wird, bevor sein Ausschnitt geschnitten wird.",
  "augmentation.rescaleFrom": "Kleinster Faktor der Größenänderung.",
  "augmentation.rescaleTo": "Größter Faktor der Größenänderung.",
  "augmentation.rotate": "Um ein zufälliges Vielfaches von 90 Grad drehen.",
  "augmentation.mirror": "Mit der Wahrscheinlichkeit ein Halb links und rechts vertauschen.",

  "noise.kind":
    "Was zu sauberen Fotos hinzukommt; Kamerapaare bringen zu jedem sauberen Foto ein eigenes verrauschtes mit.",
  "noise.sigma255":
    "Ein Wert (30), mehrere zur Auswahl (30, 50, 70) oder ein Bereich (0..75), je Ausschnitt gezogen, auf der Skala 0..255; jedes Validierungsfoto behält den Wert, der aus Startwert und Namen folgt.",
  "noise.sigma255@poisson_gaussian": "Konstanter Teil, auf der Skala 0..255; typisch: 5.",
  "noise.gain": "Signalabhängiger Anteil: Varianz je Einheit des Signals, beide auf der Skala 0..1; typisch: 0.01.",
  "noise.shotNoise":
    "Rauschen der Photonen: Varianz je Einheit des Signals auf dem Sensor, beide auf der Skala 0..1; gleichmäßig im Logarithmus gezogen. 0 schaltet beide Arten von Sensorrauschen aus.",
  "noise.readNoise":
    "Rauschen des Auslesens: seine Standardabweichung als Vielfaches dessen, was Kameras neben dem gezogenen Photonenrauschen haben. 0 schaltet es aus.",
  "noise.redGain":
    "Weißabgleich: womit das Rot des Sensors multipliziert wird, samt seinem Rauschen. 1 lässt es, wie es ist.",
  "noise.blueGain": "Dasselbe für Blau.",
  "noise.demosaicing":
    "Wie die fehlenden Farben des Mosaiks gefunden werden: Malvar (Filter von 5x5), bilinear oder keines: Dann hat jedes Pixel einen Sensor für jede Farbe.",
  "noise.mosaicDetail":
    "Auch das Bild geht durch Mosaik und Demosaicing, was es weicher macht; aus geht nur das Rauschen hindurch, denn ein Foto hat das schon hinter sich.",
  "noise.colourMatrix":
    "Von den matten Farben des Sensors zu denen einer Datei: Von jedem Kanal wird die halbe Summe der beiden anderen abgezogen, mal diesem Wert.",
  "noise.toneCurve": "Stärke der S-Kurve für mehr Kontrast nach der sRGB-Kurve; 0 ist sRGB allein.",
  "noise.lumaBlurPx":
    "Das Entrauschen der Kamera selbst: Sigma in Pixeln eines Gaußfilters über das Rauschen in Luma. 0 ist keines.",
  "noise.chromaBlurPx": "Dasselbe in Chroma.",
  "noise.eightBits": "Begrenzt auf 0..1 und rundet auf 8 Bit; eine JPEG-Datei ist immer so.",
  "noise.jpeg":
    "JPEG am Ende, mit Chroma je Pixel (4:4:4), je 2x2 Pixel (4:2:0), einem von beiden nach Zufall, oder gar keines.",
  "noise.jpegQuality": "Qualität der JPEG-Datei, 1..100, wie Programme sie zählen; gleichmäßig gezogen und gerundet.",

  "network.filters": "Kanäle der Breitenstufe 0 im fertigen Netz.",
  "network.imageChannels": "1 für graue Bilder, 3 für farbige: ein Netz für alle drei Kanäle.",
  "network.noiseMap":
    "Das Netz erfährt an jedem Pixel, wie stark das Rauschen ist: Ein Netz genügt so für einen ganzen Bereich von Stärken.",
  "network.unshuffle":
    "2 arbeitet mit halber Auflösung: Jeder Block von 2x2 Pixeln wird zu Kanälen und am Ende wieder zu Pixeln.",
  "network.offsetLimitPx":
    "Wie weit eine deformierbare Faltung jeden ihrer Abtastpunkte verschieben darf, in Pixeln ihrer Schicht; mehr verlangt breitere Ränder um Kacheln. Kein anderes Primitiv liest das.",
  "network.stemChannels": "Kanäle des Stamms vor den Zellen; veröffentlicht: 64.",
  "network.endpointChannels": "Kanäle des Abzweigs zum Decoder; veröffentlicht: 48. Ein U über Auflösungen hat keinen.",
  "network.decoderChannels": "Kanäle des Decoders; veröffentlicht: 128. Ein U über Auflösungen hat keinen.",
  "network.normalisation":
    "Ohne Batch-Norms steht für jede ein Bias, sodass im Training und im Gebrauch dasselbe Netz rechnet.",

  "training.startFrom":
    "Ein trainiertes Netz, mit dem begonnen wird: ein Training, ein Modell nach Namen oder Hash, oder eine Datei. Filter, die nach Namen und Form passen, werden übernommen, die anderen beginnen wie üblich; ein Netz derselben Architektur mit mehr Filtern rechnet zunächst dasselbe wie das kleinere. Leer nimmt keines.",
  "training.steps": "Änderungen der Gewichte insgesamt; veröffentlicht: 600.000.",
  "training.batchSize": "Ausschnitte je Schritt.",
  "training.patchSize": "Seite eines quadratischen Trainingsausschnitts in Pixeln.",
  "training.stages":
    "Anteil der Schritte, Batchgröße, Ausschnittgröße jedes Abschnitts, durch Semikolons getrennt: 0.75, 32, 48; 0.25, 12, 80. Leer: die Größen oben für alle Schritte.",
  "training.pixelLoss":
    "Wie der Fehler eines Pixels zählt: quadratisch, wie veröffentlicht, als Betrag, oder als Betrag mit abgerundetem Knick.",
  "training.ssimWeight": "Gewicht von log10(1/SSIM) neben dem Pixelverlust; bei 0 wird kein SSIM berechnet.",
  "training.precision":
    "Worin Faltungen beim Training gerechnet werden: bfloat16 braucht zwei Drittel der Zeit, wo der Prozessor Befehle dafür hat (AVX-512 BF16, AMX), und setzt AVX-512 voraus; Gewichte behalten 32 Bit.",
  "training.warmupSteps": "Schritte, über die die Lernrate linear von null steigt.",
  "training.clipValue": "Jeder Gradientenwert wird auf plus oder minus so viel begrenzt; leer schaltet es aus.",
  "training.clipNorm": "Der ganze Gradient wird auf diese Länge gekürzt, wo er länger ist; leer schaltet es aus.",
  "training.averagingDecay":
    "Abklingen eines Mittels der Gewichte und der Statistiken der Batch-Norms, das validiert und gespeichert wird; leer schaltet es aus.",
  "training.freezeNormsFrom":
    "Anteil der Schritte, nach dem Batch-Norms ihre laufenden Statistiken behalten, wie im Gebrauch; leer friert sie nie ein.",
  "training.validateEverySteps": "Schritte von einer Validierung zur nächsten; nach ihr wird das beste Netz behalten.",
  "training.checkpointEverySteps":
    "Schritte von einem Checkpoint zum nächsten: so viel Arbeit kann ein Absturz kosten.",
  "training.keepPeriodic": "Wie viele regelmäßige Checkpoints neben dem besten und dem letzten behalten werden.",
  "training.optimiser.kind":
    "SGD mit Momentum, wie veröffentlicht; Adam; AdamW, dessen Gewichtsabfall nicht in den Gradienten eingeht; oder Muon, das einen Filter in allen Richtungen gleich schnell bewegt und je Schritt am meisten lernt.",
  "training.optimiser.learningRate@sgd": "Höchste Rate des Verlaufs; üblich für SGD: 0.01 bis 0.1.",
  "training.optimiser.learningRate@adam": "Höchste Rate des Verlaufs; üblich für Adam: 0.0001 bis 0.001.",
  "training.optimiser.learningRate@adamw": "Höchste Rate des Verlaufs; üblich für AdamW: 0.0001 bis 0.001.",
  "training.optimiser.learningRate@muon": "Höchste Rate des Verlaufs; üblich für Muon: 0.001 bis 0.01.",
  "training.optimiser.momentum": "Anteil der letzten Änderung, der in der nächsten weiterwirkt; üblich: 0.9.",
  "training.optimiser.weightDecay@sgd": "Zug der Gewichte gegen null in jedem Schritt. Veröffentlicht: 0.00004.",
  "training.optimiser.weightDecay@adam": "Zug der Gewichte gegen null in jedem Schritt. Für Adam ist 0 üblich.",
  "training.optimiser.weightDecay@adamw":
    "Anteil der Gewichte, den ein Schritt bei Lernrate 1 wegnimmt; üblich für AdamW: 0.0001 bis 0.05.",
  "training.optimiser.weightDecay@muon": "Anteil der Gewichte, den ein Schritt bei Lernrate 1 wegnimmt.",
  "training.optimiser.outputRateFactor":
    "Faktor der Lernrate für die letzte Faltung, die als einzige keine Batch-Norm hinter sich hat; zu hoch, und sie divergiert.",
  "training.optimiser.biasRateFactor": "Faktor der Lernrate für Biase und die Verschiebungen der Batch-Norms.",
  "training.optimiser.biasRateFactor@sgd":
    "Faktor der Lernrate für Biase und die Verschiebungen der Batch-Norms. Veröffentlicht: 2.",
  "training.optimiser.beta1": "Wie lange Adam sich den Gradienten merkt; üblich: 0.9.",
  "training.optimiser.beta2": "Wie lange Adam sich die Größe des Gradienten merkt; üblich: 0.999.",
  "training.schedule.kind":
    "Wie die Lernrate über die Schritte fällt: mit einer Potenz, wie veröffentlicht, oder entlang eines halben Kosinus.",
  "training.schedule.power": "1 fällt geradlinig auf null; unter 1 bleibt die Rate länger hoch.",
  "training.schedule.minLearningRate": "Wo der Abfall endet.",
  "training.earlyStop.kind": "Ob das Training vor seinem letzten Schritt enden darf.",
  "training.earlyStop.patienceValidations":
    "Das Training endet mit seinem besten Netz nach so vielen Validierungen in Folge ohne Gewinn.",
  "training.earlyStop.minGainDb":
    "Ein Gewinn sind so viele dB mehr Validierungs-PSNR als beim letzten Gewinn. Bei 0 zählt jeder Gewinn.",
};
