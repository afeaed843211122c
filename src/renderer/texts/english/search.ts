import { searchChoices } from "./searchChoices.ts";
import { settingHelp, settingNames } from "./searchSettings.ts";

/** Starting a search, and the settings that searches and trainings share. */
export const searchTexts = {
  title: "Searches",
  intro: "A search trains a supernet and finds out which operations and widths suit your photos.",
  create: "New search",
  none: "No search yet",
  noneText: "Start with the preset “Quick”: it shows within minutes what a search does.",
  notListed: "The runs could not be listed",
  columns: {
    state: "State",
    name: "Name",
    progress: "Progress",
    best: "Best PSNR",
    ssim: "SSIM",
    dataset: "Data set",
    created: "Started",
  },
  tableLabel: "Searches, newest first",

  newTitle: "New search",
  newIntro: "Begin with a preset. The form, the YAML and the command always say the same.",
  start: "Start the search",
  notStarted: "The search could not start",
  notResolved: "The settings could not be checked",
  preset: "Preset",
  recommended: "Recommended",
  presetNames: {
    quick: "Quick",
    overnight: "Overnight",
    published: "Published",
    "hinas-cvpr-size": "HiNAS CVPR",
    "scales-grey": "U over scales, grey",
    "scales-colour": "U over scales, colour",
    "scales-camera": "U over scales, camera noise",
    demo: "Demo",
    "demo-cpu": "Demo without an engine",
  } as Readonly<Record<string, string | undefined>>,
  /** What each is for, by the kind of job and its name. */
  presetTexts: {
    "search.quick": "A small search of some minutes, to see what a search does.",
    "search.overnight": "A search for one night on a few cores.",
    "search.published": "The denoising search of the journal paper (HiNAS, IJCV 2022).",
    "search.hinas-cvpr-size": "The space of the conference paper (HiNAS, CVPR 2020).",
    "search.scales-grey": "Cells on a U over three scales, for grey photos with any noise up to sigma 75.",
    "train.quick": "A training of some minutes, to see what a network is about.",
    "train.overnight": "A training for one night on a few cores.",
    "train.published": "The training of the journal paper: 600,000 steps, days to weeks.",
    "train.scales-grey": "For what a search on a U found: grey photos with any noise up to sigma 75.",
    "train.scales-colour": "For what a search on a U found: colour photos with any noise up to sigma 75.",
    "train.scales-camera": "For finished photos of cameras, begun with the filters of a colour network.",
  } as Readonly<Record<string, string | undefined>>,
  back: "All searches",

  long: {
    title: "This takes more than a day",
    text: (time: string) =>
      `It will take about ${time} on this computer. The presets “Quick” and “Overnight” take less. A run can be paused, stopped and resumed whenever you like.`,
    unknown:
      "Nothing was timed on this computer yet; on two usual cores it would take more than a day. The presets “Quick” and “Overnight” take less.",
    action: "Start it all the same",
  },

  yaml: "As YAML",
  yamlNote: "only what differs from the defaults",
  yamlEmpty: "# nothing differs from the defaults",
  line: (line: number) => `Line ${line}:`,
  command: "As a command",
  copyCommand: "Copy the command",
  off: "off",
  sampleSet: "Sample set (built in)",

  /** The search space as a picture that is changed by clicks. */
  picture: {
    title: "The search space as a picture",
    cell: (nodes: number, edges: number, operations: string) =>
      `Cell of ${nodes} ${nodes === 1 ? "node" : "nodes"}; on each of its ${edges} edges compete ${operations}`,
    widths: (layers: number, factors: string) =>
      `Widths ${factors} over ${layers} ${layers === 1 ? "layer" : "layers"}`,
    stem: "stem",
    counts: {
      nodes: { label: "Nodes", fewer: "Fewer nodes", more: "More nodes" },
      layers: { label: "Layers", fewer: "Fewer layers", more: "More layers" },
      widthFactors: { label: "Widths", fewer: "Fewer widths", more: "More widths" },
    },
    operations: "Candidate operations on every edge",
  },

  cost: {
    title: "What it will cost here",
    time: "Time",
    memory: "Memory",
    parameters: "Parameters",
    multiplyAdds: "Multiply-adds per pixel",
    steps: "Steps",
    available: "Memory available",
    about: (value: string) => `about ${value}`,
    noBasis: "Nothing was measured on this computer yet, so the time is not known.",
    otherKinds: {
      search: (runs: number) =>
        `No training was measured with this engine yet: a rough time from ${runs} ${runs === 1 ? "search" : "searches"}.`,
      train: (runs: number) =>
        `No search was measured with this engine yet: a rough time from ${runs} ${runs === 1 ? "training" : "trainings"}.`,
    },
    timing: "Timing: the steps of this very network are taken for a second…",
    timed: {
      alone: "The steps of this very network were taken here for a second.",
      beside_a_run:
        "The steps of this very network were taken here for a second, while another run was at work; alone it is faster.",
    },
    sameSize: "The time rests on an earlier run of the same sizes.",
    otherSizes: (runs: number) =>
      `The time is worked out from ${runs} earlier ${runs === 1 ? "run" : "runs"} of other sizes.`,
    tooLarge: "This needs more memory than is available now. Smaller patches, batches or filters need less.",
  },

  groups: {
    general: "General",
    data: "Data",
    "data.test": "Photos for a test",
    augmentation: "Augmentation",
    noise: "Noise",
    space: "Search space",
    search: "Search",
    "search.strategy": "Strategy",
    "search.estimator": "Estimator",
    "search.candidates": "What is chosen from",
    "search.stabilisers": "Against collapse",
    "search.stabilisers.opWeights": "Op weights",
    "search.stabilisers.auxiliarySkip": "Extra skip (DARTS-)",
    "search.stabilisers.perturbation": "Perturbation (SmoothDARTS)",
    "search.stabilisers.choice": "Choice of primitives",
    "search.cost": "Cost in the objective",
    "search.stopping": "Early stopping",
    "search.weights": "Weights optimiser",
    "search.arch": "Architecture optimiser",
    network: "Network",
    training: "Training",
    "training.optimiser": "Optimiser",
    "training.schedule": "Learning rate schedule",
    "training.earlyStop": "Early stopping",
  } as Readonly<Record<string, string | undefined>>,
  groupHelp: {
    "data.test": "Never learnt from nor validated on",
    augmentation: "Random changes to every patch",
    noise: "Added to the clean photos",
    space: "What may be found",
    "search.strategy": "How architectures are looked for",
    "search.estimator": "How a candidate is scored",
    "search.candidates": "For strategies that choose one by one",
    "search.stabilisers": "What keeps cells from filling with skips",
    "search.stabilisers.opWeights": "How alpha weighs the primitives of an edge",
    "search.stabilisers.auxiliarySkip": "On every edge, with a weight that falls to zero",
    "search.stabilisers.perturbation": "Of op weights, while weights learn",
    "search.stabilisers.choice": "What decides in the end",
    "search.cost": "Prefers cheap networks",
    "search.stopping": "Before the last epoch",
    "training.earlyStop": "Before the last step",
    "search.weights": "SGD with momentum, cosine and polynomial schedule",
    "search.arch": "Adam on alpha and beta",
  } as Readonly<Record<string, string | undefined>>,
  settingNames,
  settingHelp,
  choices: searchChoices,
};
