import { join } from "node:path";

import { z } from "zod";

import { validationSchema } from "#shared/runs/runEvent.ts";
import type { ValidationScore } from "#shared/runs/runEvent.ts";

import type { JobOutcome } from "#main/compute/protocol.ts";

import { createLoadMeter, isOutOfTensorIds, measureMemory } from "./jobContext.ts";
import type { JobContext } from "./jobContext.ts";
import { StepClock } from "./stepClock.ts";

const LAST = join("checkpoints", "last.safetensors");
const BEST = join("checkpoints", "best.safetensors");

/** The best of a job so far, by the published score; a checkpoint keeps it as a note. */
export const bestSoFarSchema = z.object({ step: z.int().min(0), validation: validationSchema });
export type BestSoFar = Readonly<z.infer<typeof bestSoFarSchema>>;

/** Everything that a long job changes as it goes. */
export interface JobState {
  /** Steps done. */
  readonly step: number;
  best: BestSoFar | null;
  /** Writes everything that a continuation needs. Returns false, writing nothing, where a number is not finite. */
  save(file: string): Promise<boolean>;
  /** Continues from what `save` wrote. Throws LabError bad_checkpoint where it does not fit this job. */
  restore(file: string): Promise<void>;
  dispose(): void;
}

/** What a step event tells about the step itself. */
export interface StepFacts {
  readonly loss: number;
  /** Of the arch step, where there was one. */
  readonly archLoss?: number;
  /** Of a network drawn by the arch variables, where the search watches it. */
  readonly expectedCost?: number;
  readonly learningRate: number;
}

/** What a search and a training fill into the loop. */
export interface LongJob {
  /** The run folder, absolute. */
  readonly folder: string;
  readonly state: JobState;
  readonly totalSteps: number;
  /** Gets the state ready for the first step of all, where there is more to do than to make it. */
  begin?(): Promise<void>;
  /** Called before the first step, when the job has begun or was restored. */
  makeReady?(): Promise<void>;
  /** Validations up to this step are told, and never the best. */
  readonly bestAfterStep: number;
  /** Whether it ends here, before its last step. */
  readonly isOver?: () => boolean;
  /** Says why it is over, for people, where it ends before its last step; null where there is nothing to say. */
  readonly describeEnd?: () => string | null;
  /** Passes over the photos that `steps` steps make. */
  epochAt(steps: number): number;
  /** What the state's numbers are called where one of them is not finite. */
  readonly numbers: "weights" | "parameters";
  /** Takes one step, which raises the state's step by one. */
  takeStep(): StepFacts;
  /** Validates and saves when it is time; names what is not finite, else null. */
  endStep(): Promise<string | null>;
  /** Writes the state for use where it is the best so far. Returns false, writing nothing, where a number is not finite. */
  saveBest(file: string): Promise<boolean>;
}

/**
 * Runs a long job to its end, from its last checkpoint where `resume` says so, and disposes its state. Ends early, saving
 * first, where it is told to stop or tensor ids run out; a number that is not finite ends it as diverged and leaves the last
 * checkpoint alone.
 */
export async function runLoop(context: JobContext, job: LongJob, resume: boolean): Promise<JobOutcome> {
  const { state, folder } = job;
  try {
    if (resume) {
      await state.restore(join(folder, LAST));
      context.emit({ type: "resumed", step: state.step });
    } else {
      await job.begin?.();
    }
    await job.makeReady?.();
    return await takeSteps(context, job);
  } finally {
    state.dispose();
  }
}

async function takeSteps(context: JobContext, job: LongJob): Promise<JobOutcome> {
  const { control } = context;
  const { state, totalSteps } = job;
  const meters: Meters = { clock: new StepClock(), measureLoad: createLoadMeter() };
  while (state.step < totalSteps && job.isOver?.() !== true) {
    if (control.isPaused) {
      await saveLast(context, job);
    }
    if (!(await control.proceed())) {
      return leave(context, job, "stopped");
    }
    meters.clock.restart();
    const facts = job.takeStep();
    const { loss, archLoss = loss } = facts;
    if (!Number.isFinite(loss) || !Number.isFinite(archLoss)) {
      return diverged(job, "loss");
    }
    tellStep(context, job, facts, meters);
    const notFinite = await job.endStep();
    if (notFinite !== null) {
      return diverged(job, notFinite);
    }
    if (isOutOfTensorIds()) {
      return leave(context, job, "restart");
    }
  }
  const reason = job.describeEnd?.() ?? null;
  return { kind: "finished", step: state.step, best: state.best, ...(reason === null ? {} : { reason }) };
}

/** What is measured beside the steps. */
interface Meters {
  readonly clock: StepClock;
  readonly measureLoad: ReturnType<typeof createLoadMeter>;
}

function tellStep(context: JobContext, job: LongJob, facts: StepFacts, { clock, measureLoad }: Meters): void {
  const { state, totalSteps } = job;
  const { secondsPerStep, isDue } = clock.tick(state.step === totalSteps);
  if (!isDue) {
    return;
  }
  const { step } = state;
  context.emit({
    type: "step",
    step,
    totalSteps,
    epoch: job.epochAt(step),
    ...facts,
    secondsPerStep,
    ...measureMemory(),
    ...measureLoad(),
  });
}

/** Saves the state for a continuation, once all that was told before is kept. Returns false where a number is not finite. */
export async function saveLast(context: JobContext, { state, folder }: LongJob): Promise<boolean> {
  await context.settle();
  const isSaved = await state.save(join(folder, LAST));
  if (isSaved) {
    context.emit({ type: "checkpoint", step: state.step, kind: "last", file: LAST });
  }
  return isSaved;
}

/** Tells a validation and keeps the state where it is the best so far and may be; names what is not finite, else null. */
export async function endValidation(
  context: JobContext,
  job: LongJob,
  validation: ValidationScore,
  mayBeBest = true,
): Promise<string | null> {
  const { state, folder } = job;
  const { step } = state;
  // JSON has no number for it: it would be read back as damage.
  if (!Number.isFinite(validation.score)) {
    return "validation score";
  }
  const rival = state.best !== null && state.best.step > job.bestAfterStep ? state.best : null;
  const isBest = mayBeBest && step > job.bestAfterStep && (rival === null || validation.score > rival.validation.score);
  if (isBest) {
    state.best = { step, validation };
    await context.settle();
    if (!(await job.saveBest(join(folder, BEST)))) {
      return job.numbers;
    }
  }
  context.emit({ type: "validation", step, epoch: job.epochAt(step), validation, isBest });
  if (isBest) {
    context.emit({ type: "checkpoint", step, kind: "best", file: BEST });
  }
  return null;
}

async function leave(context: JobContext, job: LongJob, kind: "stopped" | "restart"): Promise<JobOutcome> {
  return (await saveLast(context, job)) ? { kind, step: job.state.step } : diverged(job, job.numbers);
}

function diverged({ state }: LongJob, quantity: string): JobOutcome {
  return { kind: "diverged", step: state.step, quantity };
}
