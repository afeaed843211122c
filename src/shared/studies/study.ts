import { z } from "zod";

import { evaluationConfigSchema, searchConfigSchema, trainConfigSchema } from "#shared/runs/config.ts";

import { STUDY_AXES, STUDY_ENDS, type StudyAxis, type StudyFile } from "./studyFile.ts";

/** The name of the only arm of a study without axes. */
const ONLY_ARM = "base";
/** Behind the name of an arm whose architectures are drawn at random at its cost. */
const CONTROL_SUFFIX = " (random control)";

const armSchema = z.object({
  name: z.string(),
  /** By axis the name of the value that it takes. */
  values: z.partialRecord(z.enum(STUDY_AXES), z.string()),
  /** The arm at whose cost this one draws at random; null for one that searches. */
  controlOf: z.string().nullable(),
});
/** One combination of the axes' values, which all seeds are tried with. */
export type StudyArm = Readonly<z.infer<typeof armSchema>>;

const cellSchema = z.object({
  key: z.string(),
  arm: z.string(),
  seed: z.int(),
  /** Null for a control, which takes the space of the cell that it goes with. */
  search: searchConfigSchema.nullable(),
  training: trainConfigSchema.nullable(),
  evaluation: evaluationConfigSchema.nullable(),
  /** The cell whose cost a control has; null for one that searches. */
  controlOf: z.string().nullable(),
});
/** One arm with one seed: a search and, where the study goes on, a training and a test. */
export type StudyCell = Readonly<z.infer<typeof cellSchema>>;

/** study.json: what was decided before the study began. Controls may be added, nothing else changes. */
export const studyPlanSchema = z.object({
  schema: z.literal("hinas.study"),
  version: z.literal(1),
  id: z.string(),
  name: z.string(),
  note: z.string(),
  createdAt: z.iso.datetime(),
  ends: z.enum(STUDY_ENDS),
  seeds: z.array(z.int()).readonly(),
  arms: z.array(armSchema).readonly(),
  cells: z.array(cellSchema).readonly(),
  /** Whether it goes on by itself when the program starts again; older studies never do. */
  goesOn: z.boolean().default(false),
  tuning: z.object({ coreHours: z.number(), note: z.string() }).nullable(),
});
export type StudyPlan = Readonly<z.infer<typeof studyPlanSchema>>;

/** States of a cell; it waits until its turn comes, and again after a pause. */
export const CELL_STATES = ["waiting", "running", "finished", "failed", "stopped"] as const;
export type CellState = (typeof CELL_STATES)[number];

const progressSchema = z.object({
  state: z.enum(CELL_STATES),
  /** Why it failed or was stopped. */
  reason: z.string().nullable(),
  /** Ids of its runs, decided before they are made, so that no kill can make a second one. */
  searchId: z.string().nullable(),
  trainingId: z.string().nullable(),
  genotypeHash: z.string().nullable(),
  /** Mean over the test photos. */
  test: z.object({ psnrDb: z.number(), ssim: z.number() }).nullable(),
});
/** How far a cell is. */
export type CellProgress = Readonly<z.infer<typeof progressSchema>>;

/** By the key of each cell. */
export const cellProgressesSchema = z.record(z.string(), progressSchema);

/** How far a cell is whose turn has not come. */
export const NOT_BEGUN: CellProgress = {
  state: "waiting",
  reason: null,
  searchId: null,
  trainingId: null,
  genotypeHash: null,
  test: null,
};

/** States of a study: *interrupted* where the process that was at it is gone. */
export const STUDY_STATES = ["running", "paused", "finished", "interrupted"] as const;
export type StudyState = (typeof STUDY_STATES)[number];

/** Lists every combination of the values of the axes, the last axis fastest. */
export function listArms(axes: StudyFile["axes"]): readonly StudyArm[] {
  let combinations: readonly StudyArm["values"][] = [{}];
  for (const axis of STUDY_AXES) {
    const names = Object.keys(axes[axis] ?? {}); // an axis that the study does not vary has no values
    if (names.length === 0) continue;
    combinations = combinations.flatMap((values) => names.map((name) => ({ ...values, [axis]: name })));
  }
  return combinations.map((values) => ({ name: nameArm(values), values, controlOf: null }));
}

function nameArm(values: Readonly<Partial<Record<StudyAxis, string>>>): string {
  const names = STUDY_AXES.flatMap((axis) => values[axis] ?? []); // axes that do not vary have no part in the name
  return names.length === 0 ? ONLY_ARM : names.join(", ");
}

/** Names a cell; the same arm and seed have the same key in every study. */
export function toCellKey(arm: string, seed: number): string {
  return `${arm} / seed ${seed}`;
}

/** Adds to a plan, for each arm that searches, one that draws at random at its cost; those that are there stay. */
export function addControls(plan: StudyPlan): StudyPlan {
  const controlled = new Set(plan.arms.map(({ controlOf }) => controlOf));
  const arms = plan.arms.filter(({ name, controlOf }) => controlOf === null && !controlled.has(name));
  const names = new Set(arms.map(({ name }) => name));
  const cells = plan.cells.filter(({ arm, controlOf }) => controlOf === null && names.has(arm));
  return {
    ...plan,
    arms: [...plan.arms, ...arms.map((arm) => ({ ...arm, name: `${arm.name}${CONTROL_SUFFIX}`, controlOf: arm.name }))],
    cells: [
      ...plan.cells,
      ...cells.map((cell) => {
        const arm = `${cell.arm}${CONTROL_SUFFIX}`;
        return { ...cell, arm, key: toCellKey(arm, cell.seed), search: null, controlOf: cell.key };
      }),
    ],
  };
}
