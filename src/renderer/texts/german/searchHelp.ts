import type { Catalogue } from "#renderer/texts/english.ts";

/** What the settings of search spaces and searches are for. */
export const searchHelp: Catalogue["search"]["settingHelp"] = {
  "space.kind":
    "„In einer Reihe“: Zellen bei einer Auflösung (HiNAS). „Auf einem U“: Zellen bei halber, viertel, … Auflösung. „In einer Reihe über Auflösungen“: Jede Breitenstufe hat die halbe Auflösung der vorigen (Auto-DeepLab).",
  "space.layers": "Zellen in der Tiefe; auf einem U eine ungerade Zahl: 3 für zwei Auflösungen, 5 für drei.",
  "space.nodes": "Knoten je Zelle; Knoten i liest die 2 + i Zustände vor ihm.",
  "space.filters":
    "Kanäle beim Breitenfaktor 1 während der Suche; auf einem U verdoppeln sie sich bei jeder Halbierung der Auflösung.",
  "space.widthFactors": "Vielfaches der Kanäle je Breitenstufe, die schmalste zuerst.",
  "space.primitives": "Operationen, die an jeder Kante zur Wahl stehen, der Reihe nach; mindestens eine außer none.",
  "space.alphaSharing": "Was eine Schicht über ihre Kanten lernt, bleibt ihr eigen oder gilt für alle.",
  "space.cellSharing":
    "Was eine Breitenstufe erreicht, wird gemischt und geht durch eine Zelle (HiNAS); sonst hat jeder Zugang seine eigene Zelle, und deren Ausgaben werden gemischt (Auto-DeepLab).",
  "space.partialChannels":
    "Ein Kanal von so vielen geht durch die gemischten Ops einer Kante, die anderen gehen vorbei (PC-DARTS: 4): weniger Speicher und weniger Vorteil für Primitive ohne Gewichte. 1: alle gehen hindurch.",
  "space.imageChannels": "1 für graue Bilder, 3 für farbige: ein Netz für alle drei Kanäle.",
  "space.noiseMap":
    "Das Netz erfährt an jedem Pixel, wie stark das Rauschen ist: Ein Netz genügt so für einen ganzen Bereich von Stärken.",
  "space.unshuffle":
    "2 arbeitet mit halber Auflösung: Jeder Block von 2x2 Pixeln wird zu Kanälen und am Ende wieder zu Pixeln.",
  "space.offsetLimitPx":
    "Wie weit eine deformierbare Faltung jeden ihrer Abtastpunkte verschieben darf, in Pixeln ihrer Schicht; mehr verlangt breitere Ränder um Kacheln. Kein anderes Primitiv liest das.",
  "space.stemChannels": "Kanäle des Stamms vor den Zellen; veröffentlicht: 64.",
  "space.output":
    "Mit Sigmoid endet das Supernetz wie im veröffentlichten Suchcode; linear endet das abgeleitete Netz.",

  "search.epochs": "Durchgänge durch die Gewichtshälfte der Fotos.",
  "search.warmupEpochs": "Epochen vor dem ersten Architekturschritt.",
  "search.batchSize": "Ausschnitte je Schritt.",
  "search.patchSize": "Seite eines quadratischen Trainingsausschnitts in Pixeln.",
  "search.ssimWeight": "Gewicht von log10(1/SSIM) neben dem mittleren quadratischen Fehler.",
  "search.order":
    "Erste, wie veröffentlicht; zweite (DARTS): mit den Gewichten, wie der nächste Schritt sie hinterließe, um ein Mehrfaches langsamer.",
  "search.discretisationGap":
    "Nach der Aufwärmphase noch einmal validieren, mit dem stärksten Primitiv jeder Kante allein: Wie viel schlechter das ist, sagt, wie weit das Supernetz von dem ist, was abgeleitet würde. Die Validierung dauert doppelt so lange.",
  "search.validateFromEpoch":
    "Erste Epoche, die validiert wird; ab hier wird die beste gesucht, und nie in der Aufwärmphase, in der alle Architekturen gleich viel wiegen.",
  "search.recompute": "Zellen im Rückwärtsdurchgang neu berechnen, statt sie zu merken: weniger Speicher, mehr Zeit.",
  "search.keepSupernetWeights":
    "Die Gewichte des Supernetzes in Checkpoints speichern, damit eine Suche nach einem Neustart weitergehen kann.",
  "search.checkpointEverySteps": "Schritte von einem Checkpoint zum nächsten: so viel Arbeit kann ein Absturz kosten.",

  "search.strategy.kind":
    "Gradient: Alpha und Beta eines Supernetzes lernen neben dessen Gewichten (DARTS). Die anderen wählen Architekturen einzeln, nach den Bewertungen der bisherigen: Zufall (jede einmal), regularisierte Evolution, Turniere, lokale Suche, REINFORCE, bayessch.",
  "search.strategy.candidates": "Wie viele Architekturen insgesamt bewertet werden.",
  "search.strategy.population":
    "So viele Architekturen leben: die neuesten, gleich wie sie bewertet sind. Veröffentlicht: 100.",
  "search.strategy.sample": "Aus der Population gezogen; die beste davon wird verändert. Veröffentlicht: 25.",
  "search.strategy.initial@tournament": "Zufällige Architekturen zu Beginn; keine stirbt je. Veröffentlicht: 200.",
  "search.strategy.initial@bayesian": "Zufällige Architekturen vor der ersten Vorhersage.",
  "search.strategy.share":
    "Anteil aller bewerteten, der an einem Turnier teilnimmt, mindestens zwei. Veröffentlicht: 0.05.",
  "search.strategy.learningRate@reinforce": "Der Logits des Controllers (Adam).",
  "search.strategy.learningRate@bayesian": "Der Netze eines Ensembles (Adam).",
  "search.strategy.baselineDecay": "Abklingen der mittleren Bewertung, mit der ein Kandidat verglichen wird.",
  "search.strategy.predictor":
    "Was Bewertungen vorhersagt: kleine Netze (BANANAS), ein Gauß-Prozess, oder nichts, zur Kontrolle.",
  "search.strategy.batch": "Kandidaten, die aus einer Vorhersage genommen werden.",
  "search.strategy.parents": "So viele der besten werden verändert; aus dem Ergebnis wird gewählt.",
  "search.strategy.pool": "Veränderte Architekturen, aus denen gewählt wird.",
  "search.strategy.networks": "Netze eines Ensembles.",
  "search.strategy.layers": "Verborgene Schichten jedes Netzes eines Ensembles.",
  "search.strategy.width": "Neuronen einer verborgenen Schicht.",
  "search.strategy.epochs": "Durchgänge der Netze eines Ensembles durch alles bisher Bewertete.",

  "search.estimator.kind":
    "Supernetz: dessen Validierung, mit Gewichten, die alle Kandidaten teilen. Kurzes Training: die Validierung des kurz trainierten Kandidaten. Successive und asynchrones Halving: ebenso, doch viele werden wenig trainiert und die besten davon mehr, gruppenweise oder sobald einer zu den besten gehört. Ende vorhergesagt: wie der Kandidat am Ende eines abgebrochenen Trainings stünde. Pfad: der des Kandidaten durch ein Supernetz, das zuerst auf zufälligen Pfaden trainiert wird und dessen Gewichte alle teilen. Parameter, Multiply-Adds, rezeptives Feld: die Größe, ohne Training. Gradient und SNIP: die Länge des Gradienten auf einem Batch, und wie sehr dessen Verlust an den Gewichten hängt. SynFlow: wie viel durch die Gewichte fließt, ohne Daten. Jacobi-Kovarianz: wie verschieden die Ausgabe auf verschiedene Ausschnitte antwortet.",
  "search.estimator.steps": "Änderungen der Gewichte jedes Kandidaten; Batches und Ausschnitte sind die der Suche.",
  "search.estimator.filters": "Kanäle der Breitenstufe 0 der trainierten Netze; leer nimmt die des Suchraums.",
  "search.estimator.maxPhotos": "Nur mit so vielen Fotos trainieren, den ersten; leer nimmt alle.",
  "search.estimator.learningRate": "Beim ersten Schritt (Adam); sie fällt entlang eines halben Kosinus.",
  "search.estimator.normalisation":
    "Ohne: Die Kandidaten werden ohne Batch-Norms trainiert; bei wenigen kleinen Ausschnitten je Schritt sagt ein kurzes Training dann mehr über das Netz.",
  "search.estimator.seed":
    "Für Gewichte und Batches; leer nimmt den der Suche. Andere Startwerte zeigen, wie weit eine Bewertung Zufall ist.",
  "search.estimator.warmStart":
    "Ein Kandidat, der aus einem anderen entstand, kann mit dessen trainierten Gewichten beginnen, wo immer sie passen; ist er eine Erweiterung davon, rechnet er zunächst dasselbe (Netzmorphismus). Für Strategien, die Architekturen verändern.",
  "search.estimator.curve": "Auch bei 25 und 50 % der Schritte validieren und es melden.",
  "search.estimator.rungs": "Wie oft die wenigen besten weitermachen, das erste Mal mitgezählt.",
  "search.estimator.factor": "Einer von so vielen kommt auf die nächste Stufe, die ihm um denselben Faktor mehr gibt.",
  "search.estimator.fidelities":
    "Wovon untere Stufen weniger haben; die Einstellungen oben gelten für die höchste. Jede Stufe trainiert von vorn.",
  "search.estimator.bracket":
    "Kandidaten, die zusammen beginnen; die Strategie erfährt ihre Bewertungen, wenn der letzte die seine hat.",
  "search.estimator.share":
    "Anteil der Schritte, der trainiert wird, mit der Lernrate des Ganzen; der Rest wird vorhergesagt.",
  "search.estimator.validations": "Bewertungen unterwegs, aus denen das Ende vorhergesagt wird, in gleichen Abständen.",
  "search.estimator.supernetSteps":
    "Änderungen der Gewichte des Supernetzes vor dem ersten Kandidaten, jede auf einem zufälligen Pfad; mit den Einstellungen des Optimierers der Gewichte.",

  "search.candidates.kind":
    "Woraus eine Strategie wählt, die eine nach der anderen wählt. Zellen: die, die der Suchraum beschreibt. Ketten: Schichten in einer Reihe, jede mit ihrem Primitiv, ihrer Breite, Dilatation und ihrem Skip. Motive: Hierarchien kleiner Graphen. Diese beiden nehmen vom Suchraum die Filter und die Eingabe, nichts von Zellen.",
  "search.candidates.layers": "Schichten in der Tiefe, zwischen Stamm und letzter Faltung.",
  "search.candidates.primitives@chain": "Was eine Schicht berechnen darf.",
  "search.candidates.primitives@motifs": "Was die Kanten der Stufe 2 tragen dürfen.",
  "search.candidates.widthFactors": "Vielfache der Kanäle, die eine Schicht haben darf.",
  "search.candidates.dilations": "Wie viele Pixel die Abtastpunkte der Filter einer Schicht auseinanderliegen dürfen.",
  "search.candidates.skips": "Ob eine Schicht zu ihrem Ergebnis einen früheren Wert addieren darf.",
  "search.candidates.cells": "Zellen in einer Reihe; alle sind das eine Motiv der letzten Stufe.",
  "search.candidates.levels":
    "Ab Stufe 2: wie viele Motive mit wie vielen Knoten. Im Artikel sind es 6 mit 4, dann 1 mit 5.",

  "search.weights.optimiser":
    "SGD mit Momentum, wie veröffentlicht; Adam bewegt alle Gewichte gleich schnell, wie klein ihre Gradienten auch sind.",
  "search.weights.learningRate": "In der ersten Epoche; veröffentlicht: 0.025.",
  "search.weights.minLearningRate": "Darunter geht der Verlauf nie; veröffentlicht: 0.001.",
  "search.weights.momentum": "Anteil der letzten Änderung, der in der nächsten weiterwirkt; üblich: 0.9.",
  "search.weights.weightDecay": "Zug der Gewichte gegen null in jedem Schritt. Veröffentlicht: 0.0003.",
  "search.weights.cosineHalfPeriodEpochs": "Epochen, in denen der Kosinus einmal fällt; danach steigt er ebenso lange.",
  "search.weights.polyPower":
    "Potenz des langsamen Abfalls, unter dem der Kosinus schwingt: 1 ist eine Gerade auf null, 0 kein Abfall.",
  "search.weights.outputRateFactor":
    "Faktor der Lernrate für die letzte Faltung, die als einzige keine Batch-Norm hinter sich hat; zu hoch, und sie divergiert.",
  "search.arch.learningRate": "Wie schnell Alpha und Beta sich bewegen; sie bleibt gleich. Veröffentlicht: 0.001.",
  "search.arch.weightDecay": "Zug von Alpha und Beta gegen null, wo alles gleich viel wiegt.",
  "search.arch.beta1": "Wie lange Adam sich den Gradienten merkt; üblich: 0.9.",
  "search.arch.beta2": "Wie lange Adam sich die Größe des Gradienten merkt; üblich: 0.999.",

  "search.stabilisers.betaDecay":
    "Gewicht, auf das ein Zug an logsumexp von Alpha bis zur letzten Epoche wächst (Beta-DARTS); veröffentlicht: 50, neben einer Kreuzentropie. Leer schaltet es aus.",
  "search.stabilisers.dropTo":
    "Wie viele Primitive jede Kante von Stufe zu Stufe behält; die schwächsten fallen endgültig weg (P-DARTS: 5, 3). Die Epochen nach der Aufwärmphase werden gleichmäßig geteilt. Leer: keines fällt weg.",
  "search.stabilisers.skipDropout":
    "Anteil der Ausgaben von skip_connect, der in der ersten Epoche jeder dieser Stufen wegfällt, damit auch Faltungen lernen; bis zur letzten Epoche der Stufe sinkt er auf 0 (P-DARTS: 0, 0.4, 0.7). Leer: nichts fällt weg.",
  "search.stabilisers.edgeNormalisation":
    "Die Kanten in einen Knoten lernen Gewichte mit der Summe 1, nach denen entschieden wird, welche bleiben (PC-DARTS).",
  "search.stabilisers.opWeights.kind":
    "Softmax: Die Primitive einer Kante konkurrieren um die Summe 1. Sigmoid (Fair-DARTS): Jedes geht für sich von einem Halb auf 0 oder 1.",
  "search.stabilisers.opWeights.zeroOneWeight":
    "Gewicht des Null-eins-Verlusts, der jedes Op-Gewicht von einem Halb wegtreibt; veröffentlicht: 10.",
  "search.stabilisers.auxiliarySkip.kind":
    "Ein zusätzlicher Skip auf jeder Kante, damit Gradienten fließen, ohne dass skip_connect gewinnen muss (DARTS-): keiner, oder wie sein Gewicht fällt.",
  "search.stabilisers.auxiliarySkip.weight":
    "Gewicht des zusätzlichen Skips bis zum Ende der Aufwärmphase; in der letzten Epoche ist es 0. Veröffentlicht: 1.",
  "search.stabilisers.perturbation.kind":
    "Die Gewichte lernen mit leicht verschobenen Op-Gewichten, damit kein scharfes Optimum von Alpha gefunden wird (SmoothDARTS): ungestört, zufällig oder dorthin, wo der Verlust am größten ist.",
  "search.stabilisers.perturbation.radius":
    "Wie weit ein Op-Gewicht höchstens verschoben wird, in der letzten Epoche; beginnt bei 0.03. Veröffentlicht: 0.3.",
  "search.stabilisers.perturbation.steps":
    "Schritte den Verlust hinauf vor jedem Gewichtsschritt, jeder so langsam wie ein Architekturschritt; veröffentlicht: 7.",
  "search.stabilisers.choice.kind":
    "Was am Ende entscheidet. Alpha: das stärkste Primitiv. Störung: Kante für Kante das Primitiv, dessen Fehlen dem Supernetz am meisten schadet (DARTS-PT).",
  "search.stabilisers.choice.tuneEpochs":
    "Epochen von einer Entscheidung zur nächsten, in denen das Supernetz sich an sie gewöhnt; 0: alle auf einmal.",
  "search.stabilisers.choice.batches": "Batches der Architekturhälfte, auf denen ein Verlust gemessen wird.",

  "search.cost.kind":
    "Der Verlust allein; oder Verlust + Lambda log(E / Ziel), wobei E die erwarteten Multiply-Adds je Pixel eines Netzes sind, das nach Op- und Wechselgewichten gezogen wird; oder dasselbe mit den Millisekunden, die ein Bild von 256 x 256 Pixeln braucht, aus einer Tabelle von Teilen, die auf diesem Gerät gemessen wurden.",
  "search.cost.weight":
    "Lambda: wie viel der Logarithmus der erwarteten Kosten neben dem Verlust zählt; 0 beobachtet sie nur.",
  "search.cost.target@multiplyAdds":
    "Multiply-Adds je Pixel, bei denen der Term null ist, als Linie gezeichnet; sie bewegen nichts, das tut nur Lambda. Leer: womit die Suche beginnt.",
  "search.cost.target@latency":
    "Millisekunden, bei denen der Term null ist, als Linie gezeichnet; sie bewegen nichts, das tut nur Lambda. Leer: womit die Suche beginnt.",

  "search.stopping.kind":
    "Alle Epochen; oder Schluss, wenn die Validierung nicht besser wird, wenn eine Zelle sich mit Skip-Verbindungen füllt, wenn keine Kante mehr ihre Wahl ändert, oder wenn der größte Eigenwert der Alpha-Hesse-Matrix steigt.",
  "search.stopping.patience": "Epochen ohne bessere Validierung.",
  "search.stopping.limit": "Die Suche endet, wo eine Zelle mehr Skip-Verbindungen behielte (DARTS+).",
  "search.stopping.rollBack":
    "Die beste Epoche vor der behalten, in der die Suche endet; sonst kann auch diese die beste sein.",
  "search.stopping.epochs": "Epochen in Folge, in denen jede Kante dasselbe beste Primitiv hat (DARTS+).",
  "search.stopping.ratio":
    "Die Suche endet, wo der Eigenwert so viele Male so groß ist wie vier Messungen zuvor (R-DARTS).",
  "search.stopping.fromEpoch": "Erste Epoche, in der die Suche enden darf.",
  "search.stopping.everyEpochs": "Epochen von einer Messung zur nächsten.",
};
