import { z } from "zod";

import type { CellProgress, StudyArm, StudyState } from "#shared/studies/study.ts";
import { type StudyPlace, studyPlacesSchema } from "#shared/studies/studyPlace.ts";
import type { StudyResults } from "#shared/studies/studyResults.ts";
import type { StudyEnd } from "#shared/studies/studyFile.ts";

import { seedSchema } from "#shared/random/seedSchema.ts";
import { takes } from "./procedure.ts";

/** How many cells of a study are how far. */
export type CellCounts = Readonly<Record<CellProgress["state"], number>>;

export interface StudySummary {
  readonly id: string;
  readonly name: string;
  readonly note: string;
  readonly createdAt: string;
  readonly folder: string;
  readonly state: StudyState;
  readonly reason: string | null;
  readonly ends: StudyEnd;
  readonly arms: readonly StudyArm[];
  readonly seeds: readonly number[];
  readonly counts: CellCounts;
  readonly places: readonly StudyPlace[];
}

/** A cell as it is. */
export interface CellReport extends CellProgress {
  readonly key: string;
  readonly arm: string;
  readonly seed: number;
  /** The cell whose cost this one has, drawn at random; null for one that searches. */
  readonly controlOf: string | null;
}

/** A study with its cells. */
export interface StudyDetail extends StudySummary {
  readonly cells: readonly CellReport[];
  /** As its author wrote it. */
  readonly yaml: string;
}

/** How long the searches and trainings of a study take on this computer, one after the other. */
export interface StudyTime {
  readonly seconds: number;
  /** Whether it rests on what was timed here; else on what two usual cores do. */
  readonly isMeasured: boolean;
}

/** A study that was not begun. */
export interface StudyPreview {
  readonly name: string;
  readonly ends: StudyEnd;
  readonly arms: readonly StudyArm[];
  readonly seeds: readonly number[];
  readonly cells: number;
  readonly time: StudyTime;
}

const idSchema = z.string().min(1);
const textSchema = z.strictObject({
  yaml: z.string().max(1_000_000),
  /** How errors name the text. */
  place: z.string().min(1).default("YAML"),
  /** Trains random architectures of the same cost too, whatever the text says. */
  withControl: z.boolean().default(false),
  /** Where its cells are worked on; this computer where nothing is said. */
  places: studyPlacesSchema.optional(),
});
/** With `places` it goes on there; what a site has stays where it is. */
const resumptionSchema = z.strictObject({
  id: idSchema,
  retryFailed: z.boolean().default(false),
  places: studyPlacesSchema.optional(),
});

/** A search, a derivation, a training and a test in one go, with presets for all that is not said. */
const tonightSchema = z.strictObject({
  /** What is searched and trained on. */
  dataset: z.string().min(1),
  /** What is tested on, which should be other photos. */
  testDataset: z.string().min(1),
  /** The name of a preset that there is for searches and for trainings. */
  preset: z.string().min(1).default("overnight"),
  seed: seedSchema.default(0),
  /** Null names it by its data set. */
  name: z.string().trim().min(1).max(120).nullable().default(null),
});
export type TonightWish = Readonly<z.infer<typeof tonightSchema>>;

export const studyProcedures = {
  /** Reads a study and says what it would do. Refused with `bad_config`, a line for each problem. */
  previewStudy: takes(textSchema).gives<StudyPreview>(),
  startStudy: takes(textSchema).gives<StudySummary>(),
  /** Writes the study that a night's work is, as YAML. Refused with `bad_config`. */
  previewTonight: takes(tonightSchema).gives<string>(),
  /** Queues search, derivation, training and test as a study of one cell, which goes on after a restart and ends with a report. */
  startTonight: takes(tonightSchema).gives<StudySummary>(),
  /** Newest first. */
  listStudies: takes().gives<readonly StudySummary[]>(),
  /** By its id, the beginning of it, or its name. */
  showStudy: takes(idSchema).gives<StudyDetail>(),
  /** What the study has found so far: table, comparisons, curves, agreement and costs. */
  showStudyResults: takes(idSchema).gives<StudyResults>(),
  /** What the study has found so far as a page of its own: figures, tables, a text on methods. */
  showStudyReport: takes(idSchema).gives<string>(),
  /** The paper kit: a ZIP of LaTeX tables, SVG figures, settings, architectures, environment, checklist and hashes, in base64. */
  packStudyKit: takes(idSchema).gives<string>(),
  /** Works from any process; what runs here is stopped with a checkpoint, and what is at sites goes on there. */
  pauseStudy: takes(idSchema).givesNothing(),
  /** Takes up a study that was paused or whose process is gone, or that has cells that were stopped; failed ones where asked for. */
  resumeStudy: takes(resumptionSchema).gives<StudySummary>(),
  /** Adds random architectures of the same cost to a study that trains, and goes on with it. */
  addStudyControl: takes(idSchema).gives<StudySummary>(),
  /** Moves the study's folder to the lab's trash; its runs stay. */
  removeStudy: takes(idSchema).givesNothing(),
};
