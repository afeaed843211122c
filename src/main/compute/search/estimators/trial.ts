import type { EventOf, ValidationScore } from "#shared/runs/runEvent.ts";
import type { AnyGenotype } from "#shared/space/spaces/spaces.ts";

import type { StepFacts } from "#main/compute/job/runLoop.ts";
import type { TrainedNetwork } from "#main/compute/network/networkFile.ts";
import type { ShowPictures } from "#main/compute/protocol.ts";

/** What an estimator says of a candidate. */
export interface CandidateScore {
  /** Higher is better. */
  readonly score: number;
  /** Null where nothing was trained. */
  readonly validation: ValidationScore | null;
  readonly curve?: NonNullable<EventOf<"candidate">["curve"]>;
}

/** A candidate while it is scored, step by step. */
export interface Trial {
  /** What it took from the network that it began with; absent where it began with none. */
  readonly begun?: NonNullable<EventOf<"candidate">["warmStart"]>;
  takeStep(): StepFacts;
  /** Called after each step; what it has to say once the last is taken, else null. */
  endStep(show: ShowPictures): Promise<CandidateScore | null>;
  /** Writes the trained network. Returns false, writing nothing, where a number is not finite or nothing was trained. */
  saveNetwork(file: string): Promise<boolean>;
  dispose(): void;
}

/** What an estimator does once, before its first trial; it is saved beside the search's own state. */
export interface Preparation {
  readonly steps: number;
  /** So many of the steps are taken. */
  readonly done: number;
  takeStep(): StepFacts;
  /** Returns false, writing nothing, where a number is not finite. */
  save(file: string): Promise<boolean>;
  /** Throws LabError `bad_checkpoint` where a file is none of this search. */
  restore(file: string): Promise<void>;
  dispose(): void;
}

/** An estimator that scores architectures by themselves. */
export interface CandidateEstimator {
  /** Steps of each trial. */
  readonly steps: number;
  /** Share of the estimator's full effort that its scores rest on, in (0, 1]: less on lower rungs. */
  readonly fidelity: number;
  /** What comes before the first trial; the caller disposes it. Left out where there is nothing to do. */
  readonly preparation?: Preparation;
  /** Begins a trial, which the caller disposes; with the weights of another network wherever they fit, if one is given. */
  open(genotype: AnyGenotype, start?: TrainedNetwork | null): Trial;
}
