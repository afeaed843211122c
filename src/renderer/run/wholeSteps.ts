import type { LabClient } from "#shared/api/contract.ts";
import { appendSteps, createStepColumns, type StepSeries } from "#shared/runs/history/stepColumns.ts";

/** As many steps as one answer of the lab may hold. */
const MOST_POINTS = 20_000;

/**
 * Reads every step of a run from the lab, for tables and files: what a window keeps of a long run to draw it is thinned
 * out. Throws LabError.
 */
export async function readWholeSteps(
  lab: Pick<LabClient, "readRunSteps">,
  id: string,
  lastStep: number,
): Promise<StepSeries> {
  const whole = createStepColumns();
  for (let fromStep = 0; fromStep <= lastStep; fromStep += MOST_POINTS) {
    const toStep = fromStep + MOST_POINTS - 1;
    appendSteps(whole, await lab.readRunSteps({ id, fromStep, toStep, points: MOST_POINTS }));
  }
  return whole;
}
