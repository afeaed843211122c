/** Studies: ways of searching side by side. */
export const studyTexts = {
  title: "Studies",
  intro:
    "Ways of searching side by side: every combination of spaces, strategies, estimators and budgets, with every seed.",
  tableLabel: "All studies",
  create: "New study",
  none: "No studies yet",
  noneText: "A study says whether one way of searching is better than another, and by how much beyond chance.",
  notListed: "The studies could not be listed",
  notShown: "The study could not be shown",
  back: "All studies",
  columns: {
    name: "Study",
    state: "State",
    done: "Done",
    arms: "Arms",
    seeds: "Seeds",
    ends: "Measured by",
    createdAt: "Begun",
  },
  states: { running: "Running", paused: "Paused", finished: "Finished", interrupted: "Interrupted" },
  ends: { search: "the search itself", training: "training", evaluation: "test photos" },
  done: (finished: number, total: number) => `${finished} of ${total}`,
  failed: (count: number) => `${count} failed`,
  progress: "Cells that are finished",

  newTitle: "New study",
  newText:
    "A YAML text: what all cells share, what is varied, and the seeds. Everything is checked before anything runs.",
  yaml: "Study",
  control: "Also train random architectures of the same cost",
  check: "Check",
  start: "Start",
  sound: (cells: number, arms: number) =>
    `Sound: ${cells} cells in ${arms} arms, without random controls of its own wish.`,
  example: `name: Does random search do as well?
seeds: 3
base:
  data: { dataset: sample }
  space: { layers: 2, nodes: 2, filters: 6 }
  search: { epochs: 5, warmupEpochs: 1, patchSize: 32 }
  training: { steps: 300, patchSize: 32, validateEverySteps: 100 }
axes:
  strategy:
    gradient: {}
    random:
      search:
        strategy: { kind: random, candidates: 5 }
        estimator: { kind: short_training, steps: 60 }
ends: training
`,

  pause: "Pause",
  resume: "Resume",
  retry: "Try failed cells again",
  addControl: "Add random control",
  addControlHint: "Trains, for each architecture found, one drawn at random that costs as many multiply-adds",
  saveKit: "Save paper kit",
  saveReport: "Save report",
  reportNotSaved: "The report could not be saved",
  takes: (time: string) => `Takes about ${time} here, roughly, one after the other.`,
  takesUsually: (time: string) => `Takes about ${time} on two usual cores; nothing was timed on this computer yet.`,
  longText: "It can be paused and resumed whenever you like.",
  tonight: {
    title: "Tonight",
    text: "Search, derive, train and test, one after the other. It goes on by itself after a restart, and ends with a report: figures, tables, a text on methods.",
    dataset: "Search and train on",
    testDataset: "Test on",
    preset: "Preset",
    presetHelp: "Settings of search and training; “Quick” takes some minutes, “Overnight” a night.",
    name: "Name",
    nameHelp: "Empty names it by the data set.",
    sameSet: "Photos that a network was trained on say nothing about others. Choose another test set.",
    start: "Start",
  },
  remove: "Remove",
  removeTitle: "Remove this study?",
  removeText: "Its folder goes to the trash; its runs stay.",
  notSteered: "The study could not be steered",
  kitNotSaved: "The paper kit could not be saved",

  results: "Final table",
  resultsNote: "mean over seeds",
  resultsLabel: "Results of each arm",
  ownEstimator: "Each search is measured by its own estimator, so that figures of different ones do not compare.",
  arm: "Arm",
  figures: "Figures",
  psnr: "PSNR in dB",
  deviation: "Standard deviation",
  band: "95 % band",
  parameters: "Parameters",
  multiplyAdds: "Multiply-adds per pixel",
  searchCost: "Search, core-hours",
  trainingCost: "Training, core-hours",
  nodeHours: "Node hours",
  bandOf: (low: string, high: string) => `${low} to ${high}`,
  coreHours: (hours: string) => `${hours} core-hours for all runs, those that failed or were done anew too.`,
  tuning: (hours: string) => `Tuning before: ${hours} core-hours, as the study says.`,
  tuningUnknown: "What tuning cost before is not told.",

  comparisons: "Paired comparisons",
  comparisonsNote: "first minus second, on the same seeds",
  comparisonsLabel: "Differences between arms",
  noComparisons: "Two arms need two seeds in common that are finished.",
  first: "First",
  second: "Second",
  seedsInCommon: "Seeds",
  difference: "Difference in dB",
  interval: "95 % interval",
  chance: "Share not better",
  fewSeeds: "With fewer than five seeds the intervals are rough.",

  curves: "Best score so far",
  curvesText: "Best score so far of each arm's searches over their time at work, with the 95 % band of the mean",
  noCurves: "No search has scored anything yet.",

  agreement: "Agreement over seeds",
  agreementNote: "what always comes out",
  sharedEdges: (shared: string, chance: string) =>
    `Two seeds share ${shared} of their edges; two random architectures ${chance}.`,
  sharedWidths: (shared: string, chance: string) =>
    `Two seeds share ${shared} of their widths; two random architectures ${chance}.`,
  oneSeed: "One architecture alone agrees with nothing. More seeds say what is certain.",
  noAgreement: "No search has found an architecture yet.",
  always: "Always",
  alwaysNone: "No edge and no width came out of every seed.",
  edgeOf: (layer: number, node: number, from: string, primitive: string) =>
    `layer ${layer}, node ${node}: ${primitive} of ${from}`,
  widthOf: (layer: number, factor: number) => `layer ${layer}: width ${factor}`,
  certainty: "Certainty",
  certaintyLabel: "Architectures, and how far the other seeds found the same",
  architecture: "Architecture",

  cells: "Cells",
  cellsLabel: "Cells of the study with their runs",
  cell: "Cell",
  cellState: "State",
  cellStates: { waiting: "Waiting", running: "Running", finished: "Finished", failed: "Failed", stopped: "Stopped" },
  search: "Search",
  training: "Training",
  open: "open",
  why: "Why",
  source: "The study as it was written",
};
