import type { FitWay } from "#shared/image/cameraFit/fitCamera.ts";

const ways: Readonly<Record<FitWay, string>> = {
  pair: "A noisy and a clean photo",
  burst: "A burst of one scene",
  flat: "Flat frames",
};

const wayHelp: Readonly<Record<FitWay, (clean: string) => string>> = {
  pair: (clean) => `What differs from ${clean}, which is taken for the clean photo.`,
  burst: () => "What differs between shots of the same scene from the same place.",
  flat: () => "What is left of an even surface when the fall of the light is taken off.",
};

export const cameraFitTexts = {
  title: "Fit my camera",
  intro: "Measures the noise of your camera in a few photos, keeps it as a profile, and fine-tunes a network for it.",
  open: "Choose photos…",
  openTitle: "Photos of one scene, or a flat frame",
  others: "Other photos…",
  back: "Noise bench",
  dropHint: "Drop to measure their noise",
  emptyTitle: "Drop photos here",
  emptyText:
    "A noisy and a clean photo, two or more shots of one scene from a tripod, or an even wall out of focus. Best as 16-bit TIFF, developed without noise reduction, sharpening and tone curve.",
  measuring: (count: number) => (count === 1 ? "Measuring one photo…" : `Measuring ${count} photos…`),
  sending: (sent: number, total: number) => `Sending photo ${sent + 1} of ${total}…`,
  notMeasured: "The noise could not be measured",
  photos: "Photos",
  way: "Taken as",
  wayByPhotos: "As the photos show",
  ways,
  wayHelp,

  chart: "Variance of the noise over brightness",
  brightness: "Brightness (0 to 255)",
  variance: "Variance (0 to 255, squared)",
  measured: "measured",
  line: "fitted line",
  facts: "The fit",
  gain: "Gain",
  sigma: "Constant part, sigma",
  residual: "Off the line",
  range: "Brightness",
  rangeOf: (from: string, to: string) => `${from} to ${to}`,
  values: "Values",
  clipped: "Left out, clipped",
  poor: "The noise lies far off a line, as in finished photos with a tone curve: the profile is a rough one.",
  notWhite:
    "Neighbouring pixels have noise in common, as in finished photos. The profile has none; the kind “Camera” of the bench does.",

  profile: "Noise profile",
  profileHelp: "With a name, searches, trainings and Denoise offer it.",
  saved: (name: string) => `Saved as ${name}.`,

  fineTune: "Fine-tune a network",
  fineTuneHelp:
    "A short training, about five minutes, that begins with a network’s filters and has your camera’s noise.",
  network: "Network",
  noNetwork: "No network takes such pictures yet.",
  data: "Clean photos",
  begin: "Fine-tune a network for it",
  saveFirst: "Save the profile first.",
  notBegun: "The fine-tuning could not be started",
  runName: (network: string, profile: string) => `${network} for ${profile}`,
};
