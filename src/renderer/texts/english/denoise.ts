/** What the window says of a network. */
interface NetworkTraits {
  readonly imageChannels: 1 | 3;
  readonly noiseMap: boolean;
  readonly unshuffle: number;
  readonly trainedSigma255: { readonly from: number; readonly to: number } | null;
}

export const denoiseTexts = {
  title: "Denoise",
  dropHint: "Drop photos or folders to denoise them",
  drop: "Drop photos or folders here",
  dropText:
    "Anywhere on the window works, in every room. Your photos are never changed; results are saved where you choose.",
  open: "Open photos",
  openTitle: "Choose photos to denoise",
  fromDataset: "From a data set",
  folder: "Whole folder",
  noModel: "No trained network yet",
  noModelText:
    "Denoising needs a network, and none came with this program. Take in a model’s file with “hinas models import”, or search an architecture and train it: its first checkpoint appears here.",
  toSearch: "Go to the searches",
  modelsNotListed: "The networks could not be listed",
  notStarted: "Nothing was denoised",
  noPhotos: "No photos were found in what was dropped.",
  notSent: (name: string) => `${name} was not taken`,
  notListed: "The results could not be listed",

  models: "Networks",
  model: "Network",
  byChoice: "Chosen for each photo",
  byChoiceNote: "the network from the box or an import that fits grey or colour, and the noise",
  severalModels: (count: number) => `${count} networks`,
  modelNote: (noise: string, parameters: string, traits: string) =>
    `${traits}; trained on ${noise}, ${parameters} parameters`,
  /** What a network takes and how it works. */
  traits: ({ imageChannels, noiseMap, unshuffle, trainedSigma255: range }: NetworkTraits) =>
    [
      imageChannels === 1 ? "grey" : "colour",
      noiseMap ? (range === null ? "noise map" : `noise map, sigma ${range.from} to ${range.to}`) : null,
      unshuffle > 1 ? "half resolution" : null,
    ]
      .filter((trait) => trait !== null)
      .join(" · "),
  chosen: (why: string) => `chosen because it was ${why}`,
  redoing: { part: "Denoising what is on show…", whole: "Denoising the whole photo…" },
  notRedone: "The photo could not be denoised anew",
  noiseLabel: "Noise",
  noiseInPhoto: "Noise in the photo",
  estimate: (sigma: string) => `Estimated ${sigma}`,
  asAdded: "As added",
  estimateHelp: "Tell the network what was estimated, or added, instead of what the slider says",
  sigma: (sigma: string) => `sigma ${sigma}`,
  beyond: ({ from, to }: { readonly from: number; readonly to: number }) =>
    `The network was trained for sigma ${from} to ${to}`,
  noise: "Noise to add first",
  noNoise: "Photos as they are",
  addSigma: (sigma: number) => `Add noise, sigma ${sigma}`,
  addProfile: (name: string) => `Add noise: ${name}`,

  queue: "Photos",
  sending: (sent: number, total: number) => `Taking photo ${Math.min(sent + 1, total)} of ${total}`,
  photos: (count: number) => (count === 1 ? "1 photo" : `${count} photos`),
  states: {
    waiting: "waiting",
    running: "at work",
    done: "done",
    skipped: "was there already",
    failed: "failed",
  },
  failedOf: (failed: number, total: number) => `${failed} of ${total} failed`,
  tiles: (done: number, total: number) => `tile ${done} of ${total}`,
  notDone: "not done",
  written: "written",
  cancel: "Cancel",
  dismiss: "Remove from the list",
  notDismissed: "It could not be removed",
  saveAll: "Save all",
  fold: "Hide the photos",
  unfold: "Show the photos",

  stage: "Result",
  layout: "Arrangement",
  layouts: {
    result: "Result",
    wipe: "Wipe",
    split: "Split",
    pair: "Side by side",
    sheet: "Contact sheet",
  },
  noisy: "Noisy",
  before: "Before",
  clean: "Clean",
  denoised: "Denoised",
  removed: "What was taken away, enlarged",
  error: "Error against the clean photo, enlarged",
  strength: "Strength",
  strengthHelp: "Blends the result with the photo as it came",
  save: "Save as…",
  holdKeys: [
    { key: "Space", does: "noisy" },
    { key: "B", does: "before" },
    { key: "D", does: "difference" },
  ],
  facts: (width: number, height: number, depth: number) => `${width} × ${height}, ${depth}-bit`,
  engines: { tensorflow: "TensorFlow", onnxruntime: "onnxruntime" },
  by: (engine: string) => `by ${engine}`,
  speeds: ({ tensorflow, onnxruntime }: { readonly tensorflow: number; readonly onnxruntime: number }) =>
    ` (a megapixel takes onnxruntime ${onnxruntime.toFixed(2)} s here, TensorFlow ${tensorflow.toFixed(2)} s)`,
  took: (seconds: string) => `${seconds} to denoise`,
  estimated: (sigma: string) => `noise estimated at sigma ${sigma} on average`,
  waitingText: "This photo is still in the queue.",
  runningText: "This photo is being denoised.",
  cancelledText: "The job was cancelled before this photo came up.",
  showFile: "Show the file",
  writtenText: "The result was written into a file:",
  skippedText: "The result was there already:",
  photoFailed: "This photo could not be denoised",
  choosePhoto: "Choose a photo on the left",

  saveTitle: "Save the result",
  saveText: (results: number, percent: string) =>
    `${results === 1 ? "Written" : `${results} results, written`} at a strength of ${percent}, with each photo’s colour profile and camera data.`,
  format: "Format",
  asSource: "As the photo",
  depth: "Depth",
  depths: { "8": "8 bits", "16": "16 bits" },
  depthHelp: "JPEG and WebP hold 8 bits.",
  formats: { png: "PNG", tiff: "TIFF", jpeg: "JPEG", webp: "WebP" },
  saved: (file: string) => `Saved as ${file}`,
  notSaved: "The result could not be saved",
  savedAll: (saved: number, kept: number) =>
    kept === 0 ? `${saved} results were saved` : `${saved} results were saved, ${kept} were there already`,
  saveAllTitle: "Choose a folder for the results",

  folderTitle: "Denoise a whole folder",
  folderText: "Results are written as files. Folders inside are kept, and what is done already is left out.",
  folderFromAfar: "In a browser both folders must lie inside a registered data set or in the lab’s home.",
  sourceFolder: "Folder of photos",
  sourceFolderHelp: "Photos in subfolders too.",
  outputFolder: "Folder for the results",
  outputFolderHelp: "Left empty, each result is written beside its photo.",
  startFolder: "Start",

  shortcuts: {
    noisy: "Denoise: show the noisy photo while held",
    before: "Denoise: show the photo as it was while held",
    difference: "Denoise: show what was taken away while held",
    next: "Denoise: next and previous photo",
    flip: "Denoise: flip between networks",
  },
};
