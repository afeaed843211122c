import type { NoiseKind, NoiseParameter } from "#shared/image/noise.ts";

import { noiseKindTexts } from "./noiseKinds.ts";

const kindHelp: Readonly<Record<NoiseKind, string>> = {
  gaussian: "The same everywhere in the picture.",
  poisson_gaussian: "Stronger where the picture is bright, as in a camera, with a constant part.",
  camera:
    "As in a finished colour photo: noise on the sensor’s mosaic, demosaicing, white balance, tone curve, 8 bits, JPEG.",
  paired: "None is added: the noisy photo of each camera pair is taken.",
};

const WRONG = "This is no noise setting yet.";
const GAIN_WRONG = "It must be a number from 1 to 10, or a range such as 1.9..2.4.";
const BLUR_WRONG = "It must be a number from 0 to 10, or a range such as 0..1.";
const GAIN_HELP = "Variance per unit of signal, both on the 0 to 1 scale.";

/** The field of a parameter on the bench; `wrong` stands there while what is typed is no such parameter. */
interface ParameterTexts {
  readonly label: string;
  readonly help: string | null;
  readonly wrong: string;
}

const parameters: { readonly [K in NoiseKind]: Readonly<Record<NoiseParameter<K>, ParameterTexts>> } = {
  gaussian: {
    sigma255: {
      label: "Sigma (0 to 255)",
      help: "One value, a list to pick from (30, 50, 70), or a range drawn per patch (0..55).",
      wrong: WRONG,
    },
  },
  poisson_gaussian: {
    gain: { label: "Gain", help: GAIN_HELP, wrong: GAIN_HELP },
    sigma255: { label: "Constant part, sigma (0 to 255)", help: null, wrong: WRONG },
  },
  camera: {
    shotNoise: {
      label: "Shot noise",
      help: "Variance per unit of signal on the sensor; one value or a range (0.0001..0.012). 0: no noise of the sensor.",
      wrong: "It must be a number from 0 to 1, or a range above 0 such as 0.0001..0.012.",
    },
    readNoise: {
      label: "Read noise",
      help: "A multiple of what cameras have beside the shot noise.",
      wrong: "It must be a number from 0 to 100, or a range such as 0.77..1.3.",
    },
    redGain: { label: "White balance, red", help: "1 leaves it.", wrong: GAIN_WRONG },
    blueGain: { label: "White balance, blue", help: null, wrong: GAIN_WRONG },
    demosaicing: { label: "Demosaicing", help: null, wrong: WRONG },
    mosaicDetail: {
      label: "The picture passes the mosaic too",
      help: "Softens the picture; off, only noise passes, for a photo has been through a camera.",
      wrong: WRONG,
    },
    colourMatrix: {
      label: "Colour matrix",
      help: "From the sensor’s dull colours to the file’s; 0 is none.",
      wrong: "It must be a number from 0 to 2, or a range such as 0..0.5.",
    },
    toneCurve: {
      label: "Contrast curve",
      help: "0 is sRGB alone.",
      wrong: "It must be a number from 0 to 1, or a range such as 0..1.",
    },
    lumaBlurPx: { label: "Camera’s denoising, luma (px)", help: "Sigma of a blur of the noise.", wrong: BLUR_WRONG },
    chromaBlurPx: { label: "Camera’s denoising, chroma (px)", help: null, wrong: BLUR_WRONG },
    eightBits: { label: "8 bits", help: "Clipped and rounded, as a JPEG file always is.", wrong: WRONG },
    jpeg: { label: "JPEG", help: "Chroma per pixel (4:4:4) or per 2 x 2 pixels (4:2:0).", wrong: WRONG },
    jpegQuality: {
      label: "JPEG quality",
      help: null,
      wrong: "It must be a number from 1 to 100, or a range such as 60..100.",
    },
  },
  paired: {},
};

export const noiseTexts = {
  title: "Noise bench",
  intro:
    "See what a noise setting does to a photo: the same seed gives the same pixels that searches, trainings and tests get.",

  view: "What to look at",
  views: { photo: "Whole photo", patch: "Training patch" },
  photoHelp: "With the noise that an evaluation with this seed puts on it.",
  patchHelp: "Cut, turned and made noisy as a run with these settings does at this step.",
  dataset: "Data set",
  photo: "Photo",
  pictures: "Pictures",
  channels: { 1: "Grey", 3: "Colour" },
  choosePhoto: "Choose…",
  firstPhoto: "the first one",
  settingsOf: "Settings of",
  settingsOfSearch: "Default search",
  settingsOfTraining: "Default training",
  settingsOfRun: (kind: string, name: string) => `${kind}: ${name}`,
  ownSettings: "As set below",
  runNotRead: "The settings of the run could not be read",
  set: "Whose batches",
  sets: { weights: "Search, weight steps", architecture: "Search, arch steps", training: "Training" },
  step: "Step",
  index: "Patch of the batch",
  patchSize: "Patch size",
  batchSize: "Batch size",
  less: (name: string) => `${name}: one less`,
  more: (name: string) => `${name}: one more`,

  noise: "Noise",
  kind: "Kind of noise",
  kinds: noiseKindTexts,
  kindHelp,
  parameters,
  seed: "Seed",
  newSeed: "Another seed",

  fitCamera: "Fit my camera",
  profiles: "Noise profiles",
  profilesHelp: "Settings with a name, for the forms of searches and trainings and for Denoise.",
  noProfiles: "None saved yet. Give the setting above a name to keep it.",
  profilesNotListed: "The profiles could not be listed",
  name: "Name of the profile",
  save: "Save",
  replaces: "Replaces the profile of this name.",
  saved: (name: string) => `${name} was saved`,
  notSaved: "The profile could not be saved",
  use: (name: string) => `Use ${name}`,
  actionsOf: (name: string) => `Actions for ${name}`,
  rename: "Rename",
  renameTitle: (name: string) => `Rename ${name}`,
  notRenamed: "The profile could not be renamed",
  taken: "Another profile has this name.",
  remove: "Delete",
  removeTitle: (name: string) => `Delete the profile ${name}?`,
  removeText: "Runs that were started with it keep their settings.",
  notRemoved: "The profile could not be deleted",
  search: "Search with it",
  pick: "Noise profile",
  pickHelp: "Fills in the fields of this group.",
  pickNone: "As set here",

  layout: "Arrangement",
  layouts: { three: "Clean, noisy and noise", wipe: "Wipe", noisy: "Noisy only" },
  clean: "Clean",
  noisy: "Noisy",
  difference: "Noise, enlarged",
  picture: "Noisy picture",
  notShown: "The noise could not be shown",
  holdKeys: [
    { key: "B", does: "clean" },
    { key: "D", does: "noise" },
  ],

  shortcuts: {
    clean: "Noise bench: show the clean photo while held",
    difference: "Noise bench: show the noise while held",
  },

  histogram: "Noise histogram",
  measured: "measured",
  expected: "expected",
  difference255: "Noisy minus clean (0 to 255)",
  count: "Values",
  facts: {
    drawn: "Sigma drawn",
    drawnShot: "Shot noise drawn",
    drawnBlur: "Camera’s denoising drawn",
    drawnJpeg: "JPEG drawn",
    levels: "Deviation, dark to light",
    correlation: "Correlation (luma, chroma)",
    deviation: "Standard deviation",
    mean: "Mean",
    estimated: "Estimated from the noisy picture",
    psnr: "PSNR",
    ssim: "SSIM",
    size: "Size",
    photo: "Photo",
  },
};
