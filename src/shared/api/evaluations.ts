import { z } from "zod";

import { evaluationConfigSchema } from "#shared/runs/config.ts";
import type { Baseline, Evaluation, Versions } from "#shared/runs/evaluation.ts";

import { takes } from "./procedure.ts";
import type { Task } from "./tasks.ts";

/** A trained network that photos can be denoised with: the best checkpoint of a training, or one that came with a card. */
export interface Model {
  /** What requests name it by: the run, or the first 8 digits of its hash. */
  readonly id: string;
  readonly source: "training" | "imported" | "shipped";
  /** The training; null for a model that came with a card. */
  readonly runId: string | null;
  readonly name: string;
  readonly genotypeHash: string;
  readonly filters: number;
  /** 1 takes grey pictures, 3 colour ones: figures of the two are never compared. */
  readonly imageChannels: 1 | 3;
  readonly noiseMap: boolean;
  /** 2 where the network works at half the photo's resolution. */
  readonly unshuffle: 1 | 2;
  readonly parameters: number;
  readonly multiplyAddsPerPixel: number;
  readonly receptiveFieldPx: number;
  /** In words, e.g. `gaussian-30`. */
  readonly noise: string;
  /** Of the noise that it was trained to remove, 0..255 scale; null where that has no one number or nobody knows. */
  readonly trainedSigma255: { readonly from: number; readonly to: number } | null;
  /** Empty where nobody knows. */
  readonly dataset: string;
  readonly best: { readonly step: number; readonly psnrDb: number; readonly ssim: number } | null;
  readonly createdAt: string;
}

/** The model of a training. */
export type TrainedModel = Model & { readonly runId: string };

/** An evaluation without its single pictures. */
export interface EvaluationSummary {
  readonly id: string;
  /** The training run, or the id of the model with a card whose network was measured. */
  readonly runId: string;
  readonly runName: string;
  readonly genotypeHash: string;
  readonly recipe: Evaluation["recipe"];
  readonly dataset: string;
  readonly photos: number;
  readonly mean: Versions;
  readonly spread?: Versions | undefined;
  readonly baselines?: readonly Baseline[] | undefined;
  /** Shared with the evaluations that were asked for at the same time. */
  readonly group?: string | undefined;
  readonly parameters: number;
  readonly multiplyAddsPerPixel: number;
  readonly megapixelsPerSecond: number;
  readonly peakResidentMb: number;
  readonly engine: string;
  readonly evaluatedAt: string;
  /** True where the denoised pictures were kept for error maps. */
  readonly hasPictures: boolean;
}

export interface EvaluationDetail extends EvaluationSummary {
  /** In the order of their names. */
  readonly images: Evaluation["images"];
}

/** Test sets times noise levels that are measured by one task. */
const MOST_CELLS = 64;

export const evaluationProcedures = {
  /** Trainings that have a checkpoint, newest first; then imported models, then shipped ones. */
  listModels: takes().gives<readonly Model[]>(),
  /** Measures the model of a training run or one with a card in the background, an evaluation for each configuration, and keeps its pictures. */
  startEvaluation: takes(
    z.strictObject({ model: z.string().min(1), configs: z.array(evaluationConfigSchema).min(1).max(MOST_CELLS) }),
  ).gives<Task>(),
  /** Of a run, or of a model with a card, newest first; null lists all. */
  listEvaluations: takes(z.strictObject({ runId: z.string().nullable() })).gives<readonly EvaluationSummary[]>(),
  showEvaluation: takes(z.string()).gives<EvaluationDetail>(),
  /** The figures of every picture as CSV, in full precision. */
  exportEvaluation: takes(z.string()).gives<string>(),
};
