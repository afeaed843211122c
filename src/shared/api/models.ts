import { z } from "zod";

import type { ModelCard } from "#shared/runs/modelCard.ts";

import type { Model } from "./evaluations.ts";
import { takes } from "./procedure.ts";

const MODEL_FORMATS = ["safetensors", "onnx"] as const;
export type ModelFormat = (typeof MODEL_FORMATS)[number];

/** What was written of a model, and how far onnxruntime's picture is from the lab's own at most, of the range 0..1. */
export interface ExportedModel {
  readonly file: string;
  readonly cardFile: string;
  readonly hash: string;
  readonly largestDifference: number;
}

/** The model that fits a photo best, why, and what does not fit all the same. */
export interface SuggestedModel {
  readonly model: Model;
  readonly why: string;
  readonly misfits: readonly string[];
}

/** A photo by its path, or a photo of a data set. */
const photoSchema = z.union([
  z.string().min(1),
  z.strictObject({ dataset: z.string().min(1), photo: z.string().min(1) }),
]);

export const modelProcedures = {
  /** Gives a model with its card; that of a training is made of its run. */
  showModel: takes(z.string().min(1)).gives<{ readonly model: Model; readonly card: ModelCard }>(),
  /** Takes in a safetensors or ONNX file that this program wrote. One that is there already stays as it is. */
  importModel: takes(z.strictObject({ file: z.string().min(1) })).gives<Model>(),
  /** Writes a model as a file, and its card beside; never over files that are there. */
  exportModel: takes(
    z.strictObject({
      model: z.string().min(1),
      format: z.enum(MODEL_FORMATS),
      file: z.string().min(1),
      /** What the card is to say in place of what the lab knows, e.g. its name. */
      card: z.record(z.string(), z.unknown()).default({}),
    }),
  ).gives<ExportedModel>(),
  /** Moves an imported model to the trash. */
  removeModel: takes(z.string().min(1)).givesNothing(),
  /** Chooses among the models that are shipped or imported; null where there are none. */
  suggestModel: takes(
    z.strictObject({ photo: photoSchema, sigma255: z.number().min(0).max(255).nullable().default(null) }),
  ).gives<SuggestedModel | null>(),
};
