import type { FIDELITIES, Halving } from "./estimatorSchema.ts";

/** What the trainings of a rung are given. */
export interface Rung {
  readonly steps: number;
  readonly filters: number;
  readonly maxPhotos: number;
  /** Share of the highest rung's, in (0, 1]. */
  readonly fidelity: number;
}

/** How many of what a training can be given less of there are in all. */
export interface FullEffort {
  readonly filters: number;
  readonly photos: number;
}

/** Lists the rungs of a halving from the lowest up; `full` is what there is where the settings set no limit. */
export function listRungs(settings: Halving, full: FullEffort): readonly Rung[] {
  const { steps, filters, maxPhotos, fidelities } = settings;
  return listShares(settings).map((fidelity) => {
    const lessen = (what: (typeof FIDELITIES)[number], all: number): number =>
      fidelities.includes(what) ? Math.max(1, Math.round(all * fidelity)) : all;
    return {
      steps: lessen("steps", steps),
      filters: lessen("filters", filters ?? full.filters),
      maxPhotos: lessen("photos", Math.min(maxPhotos ?? full.photos, full.photos)),
      fidelity,
    };
  });
}

/** Counts those of so many that reach a rung, counted from 0: one in `factor` goes on, rounded down. */
export function countOnRung(candidates: number, rung: number, factor: number): number {
  return Math.floor(candidates / factor ** rung);
}

/** Counts the steps of all trainings of a halving: whole brackets and what is left; asynchronously all are one. */
export function countHalvingSteps(settings: Halving, candidates: number): number {
  const steps = listRungs(settings, { filters: 1, photos: 1 }).map((rung) => rung.steps);
  const bracket = settings.kind === "successive_halving" ? settings.bracket : candidates;
  const stepsOf = (count: number): number =>
    steps.reduce((sum, each, rung) => sum + countOnRung(count, rung, settings.factor) * each, 0);
  return Math.floor(candidates / bracket) * stepsOf(bracket) + stepsOf(candidates % bracket);
}

function listShares({ rungs, factor }: Halving): readonly number[] {
  return Array.from({ length: rungs }, (_, rung) => factor ** (rung + 1 - rungs));
}
