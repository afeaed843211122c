import type { PixelFile } from "#main/files/pixelFile.ts";
import { inThread } from "#main/photos/threads/inThread.ts";
import { type Later, later } from "#main/photos/threads/later.ts";
import type { Photo } from "#shared/image/photo.ts";
import type { Scores } from "#shared/image/scores.ts";
import type { EvaluationConfig } from "#shared/runs/config.ts";
import { type Baseline, BASELINE_METHODS, type BaselineMethod } from "#shared/runs/evaluation.ts";

import type { WorkFolder } from "#main/lab/tasks/workFolder.ts";

import { type BaselineTool, findBaselineTools, runBaseline } from "./baselineTools.ts";
import { meanScores, meansBySeed, spreadOfScores } from "./spread.ts";

/** A noisy photo as a network gets it, and what a classical method is told of its noise. */
interface BaselineInput {
  readonly clean: PixelFile;
  readonly noisy: PixelFile;
  /** Counted from 0. */
  readonly seed: number;
  readonly sigma255: number;
  readonly sigma: Baseline["sigma"];
}

/** Measures classical methods beside a network, photo by photo. */
export interface BaselineMeter {
  /** Never throws for what a method cannot do, only where the evaluation is cancelled. */
  measure(input: BaselineInput): Promise<void>;
  /** What came out of each method that was asked for. */
  finish(): readonly Baseline[];
}

/** What baselines are measured with. */
export interface BaselineContext {
  readonly work: Pick<WorkFolder, "newFile">;
  readonly log: (line: string) => void;
}

interface Progress {
  /** By photo, by seed. */
  readonly scores: Scores[][];
  tool: BaselineTool | null;
  sigma: Baseline["sigma"];
  seconds: number;
  problem: string | null;
}

/** Fresh noise in every tile has no whole noisy photo that a method for whole photos could be given. */
const WHOLE_ONLY = "classical methods are measured on whole pictures only";

/** Prepares the measuring of the classical methods that an evaluation asks for; one that fails once is given up and says why. */
export async function createBaselineMeter(
  context: BaselineContext,
  { baselines, protocol }: Pick<EvaluationConfig, "baselines" | "protocol">,
  signal: AbortSignal | null,
): Promise<BaselineMeter> {
  const methods = new Map<BaselineMethod, Progress>();
  if (baselines) {
    const tools = protocol === "whole_image" ? await findBaselineTools(process.env, signal) : null;
    for (const method of BASELINE_METHODS) methods.set(method, begin(tools === null ? WHOLE_ONLY : tools[method]));
    for (const [method, { problem }] of methods) if (problem !== null) context.log(`${method}: ${problem}`);
  }
  return {
    measure: async (input) => {
      for (const [method, progress] of methods) {
        const { tool, problem } = progress;
        if (tool === null || problem !== null) continue;
        try {
          const start = performance.now();
          const [clean, noisy] = [readLater(input.clean), readLater(input.noisy)];
          const told = { noisy, shape: shapeOf(input.noisy), sigma255: input.sigma255 };
          const options = { work: context.work, env: process.env, signal };
          const scores = await runBaseline(method, tool, told, options, async (output) => {
            progress.seconds += (performance.now() - start) / 1000;
            return inThread("scoreOutput", clean, noisy, output);
          });
          note(progress, input, scores);
        } catch (error) {
          signal?.throwIfAborted();
          progress.problem = error instanceof Error ? error.message : String(error);
          context.log(`${method}: ${progress.problem}`);
        }
      }
    },
    finish: () => [...methods].map(([method, progress]) => sumUp(method, progress)),
  };
}

function readLater(pixels: PixelFile): Later<Photo> {
  return later("readPixels", pixels, { x: 0, y: 0, width: pixels.width, height: pixels.height });
}

function shapeOf({ width, height, channels }: PixelFile): Omit<Photo, "data"> {
  return { width, height, channels };
}

function begin(tool: BaselineTool | string): Progress {
  const nothing: Omit<Progress, "tool" | "problem"> = { scores: [], sigma: "known", seconds: 0 };
  return typeof tool === "string" ? { ...nothing, tool: null, problem: tool } : { ...nothing, tool, problem: null };
}

function note(progress: Progress, { seed, sigma }: BaselineInput, scores: Scores): void {
  if (seed === 0) progress.scores.push([]);
  progress.scores.at(-1)?.push(scores);
  progress.sigma = sigma;
}

function sumUp(method: BaselineMethod, { scores, tool, sigma, seconds, problem }: Progress): Baseline {
  const common = { method, tool: tool?.version ?? null, sigma, seconds };
  if (problem !== null) return { ...common, mean: null, problem };
  const seeds = meansBySeed(scores, meanScores);
  return { ...common, mean: meanScores(seeds), ...spreadOfScores(seeds), problem: null };
}
