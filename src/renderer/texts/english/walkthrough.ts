/** The way of the paper through the rooms. The guide's page of the same name begins each step with these words. */
export const walkthroughTexts = {
  title: "Repeat the paper, step by step",
  intro:
    "What HiNAS (Zhang and others, IJCV 2022, arXiv 2012.13212) did, room by room. Each step leads to its room; a short form of it takes minutes.",
  open: "Repeat the paper",
  place: (step: number) => `Step ${step}`,
  steps: {
    data: {
      title: "Data",
      text: "The paper searches and trains on the train and val photos of BSDS500, 300 together. All 68 photos of BSD68 are among them: a network that was trained on them is measured on Set12 instead.",
      picture: "The room of data sets, with photos of each set",
    },
    noise: {
      title: "Noise",
      text: "The paper has Gaussian noise of sigma 30, 50 and 70, one network for each. The noise bench shows what that looks like on your photos, and what of the noise is clipped away.",
      picture: null,
    },
    search: {
      title: "Search",
      text: "One large network holds all candidates. Its weights learn from one half of the photos, alpha and beta from the other. In the cockpit look at three things: margins, widths and skips.",
      picture: "The cockpit of a search: curves, the cell, and which operations win",
    },
    derive: {
      title: "Derive",
      text: "Of each node the two strongest edges are kept, none never; the width path is found by Viterbi's algorithm. Each choice comes with its reason.",
      picture: "A derived architecture, with the reasons for its edges",
    },
    train: {
      title: "Train",
      text: "The architecture begins with fresh weights. The form says beforehand what the training will cost here, and what was searched on carries over: data, noise and seed.",
      picture: "A training: loss, validation and pictures as it goes",
    },
    measure: {
      title: "Measure",
      text: "Every figure comes with its recipe, by name. With another recipe the same network has another figure; papers seldom say which is theirs.",
      picture: null,
    },
    compare: {
      title: "Compare",
      text: "The network stands beside published figures of the same test, BM3D and the networks in the box. Whether the search is to thank for what it reaches, controls of equal cost say.",
      picture: "Networks compared by what they reach and what they cost",
    },
    denoise: {
      title: "Denoise",
      text: "Drop photos in any room. The sources are never overwritten, and a network that is told the noise takes the estimate of each photo.",
      picture: null,
    },
  },
  actions: {
    datasets: "Data sets",
    noise: "Noise bench",
    quickSearch: "New quick search",
    cockpit: "Newest search",
    derive: "Derive from the newest search",
    train: "New training",
    measure: "Newest training",
    compare: "Compare",
    denoise: "Denoise",
  },
  noSearch: "There is no search yet.",
  noTraining: "There is no training yet.",
};
