import type { CostEstimate } from "#shared/api/settings.ts";
import { isLong, needsTiming } from "#shared/api/longJobs.ts";
import type { Lab } from "#shared/api/lab.ts";
import { LabError } from "#shared/labError.ts";

import { confirm } from "./confirm.ts";
import { formatDuration } from "./formats.ts";
import type { Session } from "./session.ts";

type Job = Parameters<Lab["estimateCost"]>[0];

/**
 * Makes sure that somebody wants a job that takes more than a day: says how long it takes, and asks. Throws LabError `bad_config` where
 * nobody can be asked and `isAgreed` does not say so already, and `interrupted` where the answer is no.
 */
export async function agreeToLong(
  lab: Pick<Lab, "estimateCost" | "timeJob">,
  job: Job,
  isAgreed: boolean,
  { terminal, surroundings }: Pick<Session, "terminal" | "surroundings">,
): Promise<void> {
  const estimate = await judgeTime(lab, job);
  if (!isLong(estimate)) return;
  terminal.warn(`It will take ${describeTime(estimate)}.`);
  if (isAgreed) return;
  if (!surroundings.isAttended) {
    const advice = "--yes starts it all the same, --preset overnight or --preset quick take less";
    throw new LabError("bad_config", `${job.kind}: this takes more than a day, and nobody is there to ask; ${advice}`);
  }
  if (!(await confirm("Start it all the same? --preset overnight or --preset quick take less.")))
    throw new LabError("interrupted", "Nothing was started.");
}

/** Estimates what a job costs, timing its own steps where it may be long. Throws LabError. */
export async function judgeTime(lab: Pick<Lab, "estimateCost" | "timeJob">, job: Job): Promise<CostEstimate> {
  const rough = await lab.estimateCost(job);
  return needsTiming(rough) ? lab.timeJob(job) : rough;
}

/** Says how long a job takes and what that is known from. */
export function describeTime({ totalSeconds, usualSeconds, basis }: CostEstimate): string {
  if (totalSeconds === null)
    return `about ${formatDuration(usualSeconds)} on two usual cores; nothing was timed here yet`;
  const time = `about ${formatDuration(totalSeconds)} here`;
  if (basis.isSameSize) return `${time}, as an earlier run of the same sizes did`;
  if (basis.timed === "alone") return `${time}, by steps of this very network that were timed for a second`;
  if (basis.timed === "beside_a_run")
    return `${time}, by steps that were timed for a second beside another run; alone it is faster`;
  return `${time}, roughly, by runs of other sizes`;
}
