/** The tour of a first visit; each step stands beside the room that it tells of. */
export const tourTexts = {
  title: "A short tour",
  offer: "New here? A tour of a minute shows the rooms.",
  place: (step: number, steps: number) => `${step} of ${steps}`,
  back: "Back",
  next: "Next",
  done: "Begin",
  skip: "Skip the tour",
  again: "Show the tour",
  steps: {
    home: {
      title: "Welcome to HiNAS Lab",
      text: "Here networks that take noise out of photos are searched, trained and used. Home shows what is at work and what comes next; the demo there takes about two minutes.",
    },
    datasets: {
      title: "Your photos stay where they are",
      text: "Add folders of clean photos, or pairs of noisy and clean ones. Nothing is copied or changed. Until then there is a built-in sample set.",
    },
    search: {
      title: "A search finds an architecture",
      text: "Choose a preset. The lab says beforehand what it costs on this computer, and shows live which operations and widths win.",
    },
    train: {
      title: "A training makes a network of it",
      text: "The architecture that was derived begins with fresh weights. Afterwards it is measured on photos that it has not seen.",
    },
    denoise: {
      title: "Drop photos, in any room",
      text: "Networks come with the program, so this works from the first minute on. The sources are never overwritten.",
    },
    settings: {
      title: "Languages, keys and words",
      text: "Settings has the language, the keyboard shortcuts, and a glossary of all words that are used here.",
    },
  },
};

/** Messages of the system when jobs end. */
export const noticeTexts = {
  finished: (name: string) => `${name} has finished`,
  failed: (name: string) => `${name} failed`,
  interrupted: (name: string) => `${name} was interrupted`,
};

/** The field’s words as the lab uses them. */
export const glossaryTexts = {
  title: "Glossary",
  filter: "Filter the glossary",
  noMatch: "No word matches.",
  terms: {
    supernet: {
      term: "Supernet",
      text: "One large network that holds all candidates; a search trains it and learns which parts matter.",
    },
    searchSpace: { term: "Search space", text: "All architectures that a search may find." },
    cell: { term: "Cell", text: "A small graph of operations; the network is a row, or a U, of cells." },
    node: { term: "Node", text: "A feature map in a cell: the sum of the edges that lead into it." },
    edge: { term: "Edge", text: "The way from one node to another, with one operation on it." },
    primitive: { term: "Primitive", text: "A candidate operation by its name, such as a 3 × 3 convolution." },
    mixedOp: { term: "Mixed op", text: "The weighted sum of all primitives on an edge, while it is undecided." },
    alpha: { term: "Alpha", text: "What a search learns about primitives; its softmax are the op weights." },
    beta: { term: "Beta", text: "What a search learns about widths; its softmax are the move weights." },
    widthLevel: { term: "Width level", text: "How many channels a layer has: a multiple of the filters." },
    genotype: { term: "Genotype", text: "An architecture as plain data: which operations where, and how wide." },
    derive: { term: "Derive", text: "To keep the strongest operations and the best width path of a search." },
    warmUp: { term: "Warm-up", text: "Epochs in which only the weights learn, before alpha and beta do." },
    archStep: {
      term: "Arch step",
      text: "A step of learning for alpha and beta, on the architecture half of the photos.",
    },
    weightStep: { term: "Weight step", text: "A step of learning for the filters, on the weights half of the photos." },
    validation: { term: "Validation", text: "Photos that neither half has, by which progress is measured." },
    sigma: { term: "Sigma", text: "The strength of noise: its standard deviation on the scale from 0 to 255." },
    patch: { term: "Patch", text: "A square cut at random from a photo for a step of learning." },
    tile: { term: "Tile", text: "A regular part of a large photo; the seams between tiles do not show." },
    psnr: { term: "PSNR", text: "How near a picture is to the clean one, in decibels; more is better." },
    ssim: { term: "SSIM", text: "How alike the structures of two pictures are, at most 1." },
    haarPsi: {
      term: "HaarPSI",
      text: "How alike two pictures look to people, by their edges at several sizes, at most 1.",
    },
    recipe: {
      term: "Recipe",
      text: "How a figure was measured: photos, noise, rounding, seeds. Only equal recipes compare.",
    },
    checkpoint: { term: "Checkpoint", text: "What a run has learned so far, kept in a file from which it can go on." },
    preset: { term: "Preset", text: "Settings with a name that come with the program." },
    receptiveField: { term: "Receptive field", text: "How far around a pixel the network looks." },
    multiplyAdds: { term: "Multiply-adds", text: "How much there is to compute for each pixel." },
    selfEnsemble: { term: "Self-ensemble", text: "The mean of the results of a photo’s eight orientations." },
    paretoFront: { term: "Pareto front", text: "Networks than which no other is both cheaper and better." },
  },
};
