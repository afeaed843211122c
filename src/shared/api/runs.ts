import { z } from "zod";

import { searchConfigSchema, trainConfigSchema } from "#shared/runs/config.ts";
import type { SearchConfig, TrainConfig } from "#shared/runs/config.ts";
import type { RunBest, RunHistory } from "#shared/runs/history/runHistory.ts";
import type { StepSeries } from "#shared/runs/history/stepColumns.ts";
import type { EventOf, RunState } from "#shared/runs/runEvent.ts";
import type { RunSplit } from "#shared/runs/runSplit.ts";
import type { AnyGenotype } from "#shared/space/spaces/spaces.ts";

import { genotypeArgument } from "./genotypeArgument.ts";
import type { LabErrorKind } from "#shared/labError.ts";
import { takes } from "./procedure.ts";

const labelSchema = z.strictObject({
  /** In place of the name that it began with; null leaves that one. */
  name: z.string().trim().min(1).max(120).nullable(),
  isStarred: z.boolean(),
  /** Put away: in no list, unless somebody asks for what is put away. */
  isArchived: z.boolean(),
  tags: z.array(z.string().trim().min(1).max(40)).max(20).readonly(),
  note: z.string().max(10_000),
});
/** What people say of a run beside what it is: kept in its folder, changed at any time. Files of the first versions put nothing away. */
export const runLabelSchema = labelSchema.extend({ isArchived: z.boolean().default(false) });
export type RunLabel = Readonly<z.infer<typeof runLabelSchema>>;
/** What is not named stays. */
const labelChangeSchema = labelSchema.partial();
export type LabelChange = Readonly<z.infer<typeof labelChangeSchema>>;

/** Where a run is, or was, that another computer does. */
export interface RunPlace {
  readonly site: string;
  /** Null before it was submitted. */
  readonly jobId: string | null;
  /** Why it waits, or what is in the way; null where nothing is to be said. */
  readonly detail: string | null;
  /** True once the site has nothing more to do with it. */
  readonly isOver: boolean;
}

export interface RunSummary {
  readonly id: string;
  readonly kind: "search" | "train";
  readonly name: string;
  readonly state: RunState;
  readonly reason: string | null;
  /** Of the trouble that ended the run; null where there was none, or a fault in the program. */
  readonly errorKind: LabErrorKind | null;
  readonly folder: string;
  readonly createdAt: string;
  readonly dataset: string;
  readonly datasetFingerprint: string;
  readonly engine: string | null;
  readonly step: number;
  readonly totalSteps: number;
  /** Of the newest steps; null before the first. */
  readonly secondsPerStep: number | null;
  readonly best: RunBest | null;
  readonly genotypeHash: string | null;
  /** Of the study that the run belongs to. */
  readonly studyId: string | null;
  /** Where the run was handed over to; absent where it was always here. */
  readonly place?: RunPlace;
  /** Absent where nobody said anything of the run; its name stands in `name`. */
  readonly label?: RunLabel;
}

/** An architecture that a run tried, without the genotype itself. */
export type Candidate = Omit<EventOf<"candidate">, "type" | "time" | "epoch" | "genotype">;

/** What was decided before a run began. */
export type RunSetup =
  | { readonly kind: "search"; readonly config: SearchConfig }
  | { readonly kind: "train"; readonly config: TrainConfig; readonly genotype: AnyGenotype };

/** A run as it is now; what follows comes as events (updates.ts). */
export interface RunSnapshot {
  readonly run: RunSummary;
  readonly setup: RunSetup;
  /** The settings as the run folder's config.yaml has them. */
  readonly configYaml: string;
  /** Its steps are thinned out where there were more than asked for. */
  readonly history: RunHistory;
  /** Pictures that the run made, by file name in the run folder's `images`, in their order. */
  readonly images: readonly string[];
}

const idSchema = z.string().min(1);
const orderSchema = z.enum(["pause", "run", "stop"]);

export const runProcedures = {
  startSearch: takes(searchConfigSchema).gives<RunSummary>(),
  startTraining: takes(trainConfigSchema, genotypeArgument).gives<RunSummary>(),
  /** Refused with `other_engine` where another engine computes than the one that did the steps so far. */
  resumeRun: takes(idSchema).gives<RunSummary>(),
  /** The same, by whatever engine there is; a change of it is noted in the run. */
  resumeRunByAnyEngine: takes(idSchema).gives<RunSummary>(),
  /** Works from any process: the order is left in the run folder for the process that owns the run. */
  controlRun: takes(idSchema, orderSchema).givesNothing(),
  /** Newest first. */
  listRuns: takes().gives<readonly RunSummary[]>(),
  /** By its id or the beginning of it. */
  showRun: takes(idSchema).gives<RunSummary>(),
  /** What was decided before a run began, by its id or the beginning of it. */
  showRunSetup: takes(idSchema).gives<RunSetup>(),
  /** A run's steps of a range (ends included), at most so many points: what a chart needs after zooming in. */
  readRunSteps: takes(
    z.strictObject({
      id: idSchema,
      fromStep: z.int().min(0),
      toStep: z.int().min(0),
      points: z.int().min(2).max(20_000),
    }),
  ).gives<StepSeries>(),
  /** Which photos have which part in a run; null for a run that was begun before that was written down. */
  readRunSplit: takes(idSchema).gives<RunSplit | null>(),
  /** A run's figures as an event file of TensorBoard, base64. */
  packEventFile: takes(idSchema).gives<string>(),
  /** Reads where a run is computed, as its folder's env.json has it; null before its turn came. */
  readRunEnvironment: takes(idSchema).gives<string | null>(),
  /** Renames, stars, tags or annotates a run; what is not named stays. */
  labelRun: takes(z.strictObject({ id: idSchema, label: labelChangeSchema })).gives<RunSummary>(),
  /** The architectures that a run tried, in order; what a restart made void is left out. */
  listCandidates: takes(idSchema).gives<readonly Candidate[]>(),
  /** Moves the run folder to the lab's trash. */
  removeRun: takes(idSchema).givesNothing(),
};
