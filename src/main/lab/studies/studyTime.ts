import type { LabContext } from "#main/lab/labContext.ts";
import { estimateCost } from "#main/lab/runs/costEstimate.ts";
import type { StudyTime } from "#shared/api/studies.ts";
import { createRandom } from "#shared/random/createRandom.ts";
import { openCandidateSpace } from "#shared/runs/candidatesSchema.ts";
import type { SearchConfig } from "#shared/runs/config.ts";
import type { AnyGenotype } from "#shared/space/spaces/spaces.ts";
import type { StudyCell, StudyPlan } from "#shared/studies/study.ts";

/**
 * Estimates how long the searches and trainings of a study take here, one after the other. Cells of an arm differ in their seed alone and
 * take as long as each other; what will be found is not known, so that a training is measured by an architecture drawn from its space.
 */
export async function estimateStudyTime(
  lab: LabContext,
  { arms, cells }: Pick<StudyPlan, "arms" | "cells">,
): Promise<StudyTime> {
  let time: StudyTime = { seconds: 0, isMeasured: true };
  for (const { name } of arms) {
    const ofArm = cells.filter(({ arm }) => arm === name);
    const [cell] = ofArm;
    if (cell === undefined) continue;
    const { seconds, isMeasured } = await estimateCellTime(lab, cell, findSearch(cell, cells));
    time = { seconds: time.seconds + ofArm.length * seconds, isMeasured: time.isMeasured && isMeasured };
  }
  return time;
}

/** A control is drawn from the space of the cell that it goes with. */
function findSearch({ search, controlOf }: StudyCell, cells: readonly StudyCell[]): SearchConfig | null {
  return search ?? cells.find(({ key }) => key === controlOf)?.search ?? null;
}

async function estimateCellTime(
  lab: LabContext,
  { search, training }: StudyCell,
  space: SearchConfig | null,
): Promise<StudyTime> {
  const jobs = [
    ...(search === null ? [] : [{ kind: "search", settings: search, genotype: null } as const]),
    ...(training === null || space === null
      ? []
      : [{ kind: "train", settings: training, genotype: drawGenotype(space) } as const]),
  ];
  const estimates = await Promise.all(jobs.map((job) => estimateCost(lab, job)));
  return {
    seconds: estimates.reduce((sum, { totalSeconds, usualSeconds }) => sum + (totalSeconds ?? usualSeconds), 0),
    isMeasured: estimates.every(({ totalSeconds }) => totalSeconds !== null),
  };
}

/** Any architecture says how large they are, and always the same one, so that the estimate stays. */
function drawGenotype({ space, search }: SearchConfig): AnyGenotype {
  return openCandidateSpace(space, search.candidates).sample(createRandom(0, "study", "time"));
}
