import type { NoiseParameter } from "#shared/image/noise.ts";

import { noiseKindTexts } from "./noiseKinds.ts";

/** The field of a noise parameter among what is to be measured. */
interface EvaluatedTexts {
  readonly label: string;
  readonly help: string;
  readonly wrong: string;
}

/** Others are called as in the forms of settings. */
const evaluated: Readonly<Partial<Record<NoiseParameter, EvaluatedTexts>>> = {
  sigma255: {
    label: "Sigma (0–255)",
    help: "Several levels, e.g. 15, 25, 50, are measured one after the other.",
    wrong: "Levels must be numbers from 0 to 255, at most eight.",
  },
  gain: {
    label: "Gain",
    help: "Variance per unit of signal, e.g. 0.01.",
    wrong: "The gain must be a number above 0.",
  },
  shotNoise: {
    label: "Shot noise",
    help: "A range, 0.0001..0.012, is drawn per picture; several levels, e.g. 0.001, 0.004, are measured one after the other. The other settings are the usual ones.",
    wrong: "Levels must be numbers from 0 to 1, at most eight, or one range above 0.",
  },
};

/** Training derived networks and measuring them. */
export const trainTexts = {
  title: "Train and evaluate",
  intro: "A derived architecture begins with fresh weights, is trained on your photos, and is measured on test sets.",
  create: "New training",
  tabs: { trainings: "Trainings", evaluations: "Evaluations" },
  parts: "Trainings and evaluations",
  none: "No training yet",
  noneText: "Choose an architecture from the library and train it.",
  noEvaluations: "No evaluation yet",
  noEvaluationsText:
    "Open a training and measure its network on a test set, or measure a network from the box or an import.",
  measureNetwork: "Measure a network",
  notListed: "The trainings could not be listed",
  evaluationsNotListed: "The evaluations could not be listed",
  tableLabel: "Trainings, newest first",
  columns: {
    name: "Name",
    architecture: "Architecture",
    state: "State",
    progress: "Progress",
    best: "Best PSNR",
    ssim: "SSIM",
    dataset: "Data set",
    created: "Started",
  },

  newTitle: "New training",
  newIntro: "Begin with a preset. The form, the YAML and the command always say the same.",
  back: "All trainings",
  start: "Start the training",
  notStarted: "The training could not start",
  architecture: "Architecture",
  architectureHelp: "Every training begins with fresh weights.",
  noArchitecture: "Nothing to train yet",
  noArchitectureText: "Derive an architecture from a search, or import one.",
  toLibrary: "Go to the architectures",

  notFound: "This training could not be read",
  loss: "Loss",
  lossCurve: "training",
  psnr: "Validation PSNR",
  ssim: "Validation SSIM",
  validation: "validation",
  learningRate: "Learning rate",
  trained: "What is trained",
  openArchitecture: "Open the architecture",

  evaluate: "Evaluate",
  evaluateTitle: (name: string) => `Measure ${name}`,
  evaluateText: "The best checkpoint is measured, its output clipped. Every test set is measured at every level.",
  testSet: "Test set",
  noise: "Noise",
  noiseKinds: noiseKindTexts,
  evaluated,
  wrongParameter: "This is no noise setting yet.",
  seed: "Noise seed",
  seedHelp: "The same seed gives the same noise on every computer.",
  wrongSeed: "The seed must be a whole number of 0 or more.",
  maxPhotos: "Most photos",
  maxPhotosHelp: "The first by name; empty takes all.",
  wrongMaxPhotos: "It must be a whole number of 1 or more, or empty.",
  measure: "Measure",
  notMeasured: "The evaluation could not start",
  measuring: "Being measured",
  measureFailed: (title: string) => `${title} was not measured`,
  dismiss: "Dismiss",

  ways: "Way of measuring",
  protocols: { whole_image: "Whole pictures", reference_tiles: "Reference code’s tiles" },
  protocolHelp: {
    whole_image: "One draw of noise per picture, as most papers report.",
    reference_tiles:
      "64-pixel tiles with fresh noise each, averaged where they overlap: tenths of a dB too good, kept apart from the rest.",
  },
  noiseSeeds: "Noise seeds",
  noiseSeedsHelp: "Several give a mean and a standard deviation (±).",
  wrongNoiseSeeds: "It must be a whole number from 1 to 20.",
  selfEnsemble: "Self-ensemble ×8",
  selfEnsembleHelp: "Averages each picture’s eight orientations: a little better, eight times slower.",
  baselines: "BM3D and non-local means",
  baselinesHelp: "On the same noisy pixels, where a Python has bm3d and scikit-image; else published figures stand in.",
  /** A choice beside data sets. */
  ownTestPart: (count: number) => `Test part of its own data (${count})`,
  severalSets: (count: number) => `${count} test sets`,
  how: {
    protocol: "reference-code protocol",
    selfEnsemble: "self-ensemble ×8",
    seeds: (count: number) => `${count} noise seeds`,
    testPart: (hash: string) => `test part ${hash}`,
    testPartOf: (dataset: string) => `${dataset}, test part`,
    channels: { grey: "grey", colour: "colour" },
    measured: "measured here",
    measuredByEstimate: "measured here, sigma estimated",
    published: "published",
    interpolated: (lower: number, upper: number) => `published, interpolated, ${lower} to ${upper}`,
  },

  results: "Evaluations",
  resultsNote: "newest for each test set and noise",
  noResults: "This network was not measured yet.",
  evaluationsOf: (name: string) => `Evaluations of ${name}: test sets by noise`,

  evaluations: {
    label: "Evaluations, newest first",
    model: "Model",
    testSet: "Test set",
    noise: "Noise",
    photos: "Photos",
    psnr: "PSNR",
    ssim: "SSIM",
    haarPsi: "HaarPSI",
    gain: "Gain",
    speed: "Speed",
    measured: "Measured",
    recipe: "Recipe",
    speedUnit: (value: string) => `${value} MP/s`,
  },

  evaluation: {
    back: "All evaluations",
    notShown: "This evaluation could not be shown",
    title: (model: string, set: string) => `${model} on ${set}`,
    saveCsv: "Save as CSV",
    notSaved: "The figures could not be saved",
    recipe: "Recipe",
    copyRecipe: "Copy the recipe’s name",
    together: "Measured together",
    togetherNote: "PSNR and SSIM; a cell leads to its pictures",
    notMeasured: (method: string, why: string) => `${method} was not measured: ${why}.`,
    firstSeed: (seed: number) => `figures are means over the noise seeds, pictures those of seed ${seed}`,
    mean: "Mean of all pictures",
    meanLabel: "Mean figures: noisy input, best Gaussian blur and this network",
    versions: { noisy: "Noisy input", blurred: "Best Gaussian blur", denoised: "This network" },
    version: "Version",
    psnr: "PSNR",
    ssim: "SSIM",
    haarPsi: "HaarPSI",
    rounded: (value: string) => `8-bit ${value}`,
    gain: "Gain",
    facts: {
      photos: "Pictures",
      parameters: "Parameters",
      multiplyAdds: "Multiply-adds per pixel",
      speed: "Speed",
      memory: "Peak memory",
      engine: "Engine",
    },
    published: "Published figures",
    publishedNote: (set: string, channels: string, sigma: number) => `${set}, ${channels}, sigma ${sigma}`,
    channels: { grey: "grey", colour: "colour" },
    publishedLabel: "Published figures of other methods beside this network’s, best first",
    notAvailable: "Not available",
    unknownSet: (set: string) =>
      `No published figures are known for ${set}. They are known for Set12, BSD68, CBSD68 and Kodak24.`,
    unknownSigma: (sigmas: string) => `For this noise no figures are known; for this set they are at sigma ${sigmas}.`,
    unreportedSigma: (sigmas: string) =>
      `Nobody reports this level; for this set figures are at sigma ${sigmas}. What lies between two of them is interpolated over log sigma.`,
    interpolated: (lower: number, upper: number) => `interpolated, ${lower} to ${upper}`,
    notComparable: {
      grey: "Grey, not comparable: this network was measured in colour.",
      colour: "Colour, not comparable: this network was measured in grey.",
      protocol:
        "Not comparable: the others got one draw of noise per picture, this network averaged several draws where tiles overlap.",
    },
    method: "Method",
    difference: "To this network",
    source: "Source",
    ssimFrom: (title: string) => `SSIM: ${title}`,
    ours: "This network",
    oursSource: "measured here, rounded to 8 bits",

    pictures: "Pictures",
    picturesLabel: "Figures of every picture",
    picture: "Picture",
    order: "Order",
    orders: {
      psnr: "Lowest PSNR first",
      gain: "Least gain first",
      ssim: "Lowest SSIM first",
      haarPsi: "Lowest HaarPSI first",
      name: "By name",
    },
    noisy: "Noisy",
    blurred: "Blur",
    noPictures:
      "The denoised pictures were not kept, so there is nothing to look at. Measure again from this window to keep them.",
    measureAgain: "Measure again",
    viewer: "The chosen picture",
    views: { clean: "Clean", noisy: "Noisy", denoised: "Denoised", error: "Error" },
    amplify: "Errors times",
    errorNote: "middle grey is no error",
  },
};
