import type { LabClient } from "#shared/api/contract.ts";
import type { ReadHistory } from "#renderer/run/stepCurves.ts";
import { readWholeSteps } from "#renderer/run/wholeSteps.ts";

/** Reads every step of several runs, by id, of which a window keeps some. Throws LabError. */
export async function readWholeRuns(
  lab: Pick<LabClient, "readRunSteps">,
  histories: ReadonlyMap<string, ReadHistory>,
): Promise<ReadonlyMap<string, ReadHistory>> {
  const whole = [...histories].map(async ([id, { startMs, steps }]) => {
    const read = await readWholeSteps(lab, id, steps.step.at(-1) ?? 0);
    return [id, { startMs, steps: read }] as const;
  });
  return new Map(await Promise.all(whole));
}
