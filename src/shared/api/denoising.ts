import { z } from "zod";

import { memoryBudgetSchema } from "#shared/image/memoryBudgetSchema.ts";
import { type Noise, noiseSchema } from "#shared/image/noise.ts";
import type { LabErrorKind } from "#shared/labError.ts";
import { seedSchema } from "#shared/random/seedSchema.ts";
import { takes } from "./procedure.ts";
import { type SavingOptions, savingSchema } from "./saving.ts";
import type { Task } from "./tasks.ts";

/** What computes where photos are denoised. */
export const DENOISING_ENGINES = ["tensorflow", "onnxruntime"] as const;
export type DenoisingEngine = (typeof DENOISING_ENGINES)[number];

/** What onnxruntime computes on. Which are there depends on the system; the processor always is. */
export const ONNX_DEVICES = ["cpu", "dml", "coreml", "webgpu", "cuda"] as const;
export type OnnxDevice = (typeof ONNX_DEVICES)[number];

/** How people call it. */
export const ONNX_DEVICE_NAMES: Readonly<Record<OnnxDevice, string>> = {
  cpu: "processor",
  dml: "DirectML",
  coreml: "Core ML",
  webgpu: "WebGPU",
  cuda: "CUDA",
};

/** Seconds per megapixel that each engine takes for one network on one device. */
export type EngineSpeeds = Readonly<Record<DenoisingEngine, number>>;

export interface DenoiseInput extends SavingOptions {
  /** A run id (its best checkpoint is taken), a model's name or file; null chooses for each photo. */
  readonly model: string | null;
  /** Photos and folders. */
  readonly inputs: readonly string[];
  /** Folder for the results; null writes beside each source. Sources are never overwritten. */
  readonly outputFolder: string | null;
  readonly memoryBudgetMb: number;
  /** Adds this much synthetic noise first (for demonstrations); null adds none. */
  readonly addNoise: Noise | null;
  /** With the photo's name it decides that noise. */
  readonly noiseSeed: number;
  /** The noise in the photos, 0..255 scale, for networks that are told it; null has it estimated. */
  readonly sigma255: number | null;
  /** Averages the results of the photo's eight orientations; results say so in their names. */
  readonly selfEnsemble: boolean;
  /** What onnxruntime is to compute on; null leaves engine and device to the preferences. */
  readonly device: OnnxDevice | null;
}

export interface DenoisedFile {
  readonly source: string;
  /** The model that was taken, by name; null where the photo could not be read to choose one. */
  readonly model: string | null;
  /** Null where nothing was computed. */
  readonly engine: DenoisingEngine | null;
  /** Null for TensorFlow. */
  readonly device: OnnxDevice | null;
  /** Why this model, where the lab chose it, and what does not fit. */
  readonly remarks: readonly string[];
  readonly output: string | null;
  /** Null where it worked. */
  readonly error: string | null;
  readonly errorKind: LabErrorKind | null;
  /** True where the result was there already. */
  readonly skipped: boolean;
  readonly seconds: number;
  readonly megapixels: number;
}

export interface DenoiseProgress {
  readonly file: string;
  readonly filesDone: number;
  readonly filesTotal: number;
  readonly tilesDone: number;
  readonly tilesTotal: number;
}

/** A photo or folder by its path, or a photo of a data set. */
const inputSchema = z.union([
  z.string().min(1),
  z.strictObject({ dataset: z.string().min(1), photo: z.string().min(1) }),
]);

export const denoiseRequestSchema = z.strictObject({
  /** Training runs, and models by name or hash; each photo is denoised by each. With none, each gets the model that fits it best. */
  models: z.array(z.string().min(1)).max(6),
  inputs: z.array(inputSchema).min(1).max(10_000),
  /** Keep results in the lab to look at and to save one by one, or write files at once, keeping the tree and skipping what is done. */
  output: z
    .discriminatedUnion("kind", [
      z.strictObject({ kind: z.literal("look") }),
      savingSchema.extend({ kind: z.literal("folder"), folder: z.string().min(1).nullable() }),
    ])
    .default({ kind: "look" }),
  /** Null takes the budget of the preferences. */
  memoryBudgetMb: memoryBudgetSchema.nullable().default(null),
  /** Adds synthetic noise first, so that the clean photo is there to compare with. */
  addNoise: noiseSchema.nullable().default(null),
  /** With the photo's name it decides that noise, the same that an evaluation with this seed puts on it. */
  noiseSeed: seedSchema.default(0),
  /** The noise in the photos for networks that are told it; null has it estimated. */
  sigma255: z.number().min(0).max(255).nullable().default(null),
  /** Averages the results of the photo's eight orientations; results say so in their names. */
  selfEnsemble: z.boolean().default(false),
});
export type DenoiseRequest = Readonly<z.infer<typeof denoiseRequestSchema>>;

/** One photo by one model. */
export interface DenoiseItem {
  /** Its place in the task, from 0. */
  readonly index: number;
  /** The photo's name without its folder. */
  readonly name: string;
  readonly source: string;
  /** By its id; null until the lab has chosen one. */
  readonly model: string | null;
  /** Why this model, where the lab chose it. */
  readonly why: string | null;
  /** True where the result goes into a file, and is not kept to look at. */
  readonly isFile: boolean;
  readonly state: "waiting" | "running" | "done" | "skipped" | "failed";
  readonly error: string | null;
  /** Null until it is known, and where nothing was computed. */
  readonly engine: DenoisingEngine | null;
  /** Null for TensorFlow. */
  readonly device: OnnxDevice | null;
  /** What was measured to choose the engine; null where there was no choice. */
  readonly speeds: EngineSpeeds | null;
  /** What does not fit between the photo and the model. */
  readonly remarks: readonly string[];
  /** Null until it is known. */
  readonly width: number | null;
  readonly height: number | null;
  readonly channels: 1 | 3 | null;
  readonly bitDepth: 8 | 16 | null;
  readonly seconds: number | null;
  /** The file that was written; null where results are kept to look at. */
  readonly output: string | null;
  /** True where noise was added and the clean photo is kept to compare with. */
  readonly hasClean: boolean;
  /** PSNR in dB against the clean photo, of what went in and of what came out, clipped; null where there is none. */
  readonly psnrDb: { readonly noisy: number; readonly denoised: number } | null;
  /** Noise of the photo as it came, 0..255 scale, estimated. */
  readonly estimatedSigma255: number | null;
  /** The noise that was said to be in the photo; null where the estimate counts, or what was added. */
  readonly sigma255: number | null;
  /** Grows whenever the result is another one: addresses of its pictures differ by it. */
  readonly revision: number;
}

/** A result that was written. */
export interface SavedFile {
  readonly file: string;
  /** What of the photo it could not keep, in a sentence; null where it keeps all that was wished. */
  readonly note: string | null;
}

const itemSchema = { task: z.string(), item: z.int().min(0) };
/** A result as a file: which, and how it is to be written. */
export const denoisedFileSchema = savingSchema.extend(itemSchema);
export type DenoisedFileWish = Readonly<z.infer<typeof denoisedFileSchema>>;

/** How a photo that is kept to look at is denoised anew. */
const redenoiseSchema = z.strictObject({
  ...itemSchema,
  /** A training run, or a model by name or hash; null lets the lab choose for the photo. */
  model: z.string().min(1).nullable(),
  /** Noise in the photo for networks that are told it; null has it estimated, or takes what was added. */
  sigma255: z.number().min(0).max(255).nullable(),
});
export type RedenoiseWish = Readonly<z.infer<typeof redenoiseSchema>>;

/** A part in the photo's own pixels. */
const areaSchema = z.strictObject({
  x: z.int().min(0),
  y: z.int().min(0),
  width: z.int().positive(),
  height: z.int().positive(),
});

/** A page of HTML with all photos of a session, in the words of the window's language. */
export const contactSheetSchema = z.strictObject({
  task: z.string(),
  strength: z.number().min(0).max(1).default(1),
  words: z.strictObject({
    title: z.string(),
    before: z.string(),
    after: z.string(),
    /** Stands before the number of photos that are not on the page. */
    left: z.string(),
    /** Names of networks, by what items call them. */
    models: z.record(z.string(), z.string()),
  }),
});
export type ContactSheetWish = Readonly<z.infer<typeof contactSheetSchema>>;

const previewSchema = redenoiseSchema.extend({
  area: areaSchema,
  /** True does a part in the middle that takes about a second; of one that is shrunk all, by twice the factor where that takes long. */
  isQuick: z.boolean().default(false),
  /** Shrinks the part by this whole factor before it is denoised, for a photo that is seen small; its sides are multiples of twice that. */
  shrink: z.int().min(1).max(64).default(1),
});
export type PreviewWish = Readonly<z.infer<typeof previewSchema>>;

/** A part of a photo that was denoised before the rest. */
export interface PreviewedPart {
  /** Names its picture. */
  readonly revision: number;
  readonly area: PreviewWish["area"];
  /** By what factor its picture is smaller than the area. */
  readonly shrink: number;
}

export const denoiseProcedures = {
  /** Makes the process ready that denoises, so that the first photo need not wait for it. */
  prepareDenoising: takes().givesNothing(),
  /** Reads the size of a photo that is not denoised yet from the head of its file. */
  measureDenoiseItem: takes(z.strictObject(itemSchema)).gives<{ readonly width: number; readonly height: number }>(),
  /** Denoises one part of a photo, to look at before the rest, also of one that was not denoised yet; gives null where a newer wish took its place. */
  previewDenoised: takes(previewSchema).gives<PreviewedPart | null>(),
  /** Denoises a kept photo anew; until that is done the last result stays. Gives null where a newer wish took its place. */
  redenoise: takes(redenoiseSchema).gives<DenoiseItem | null>(),
  startDenoise: takes(denoiseRequestSchema).gives<Task>(),
  listDenoiseItems: takes(
    z.strictObject({ task: z.string(), offset: z.int().min(0), limit: z.int().min(1).max(500) }),
  ).gives<{ readonly total: number; readonly items: readonly DenoiseItem[] }>(),
  /** Writes a result that is kept to look at; never over a file that is there, unless told so. */
  saveDenoised: takes(
    denoisedFileSchema.extend({ file: z.string().min(1), overwrite: z.boolean().default(false) }),
  ).gives<SavedFile>(),
};
