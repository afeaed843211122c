import type { CostEstimate } from "#shared/api/settings.ts";
import type { StudyTime } from "#shared/api/studies.ts";
import { isLong, isLongStudy, needsTiming } from "#shared/api/longJobs.ts";
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
  const less = "--preset overnight or --preset quick take less";
  await ask({ what: job.kind, time: describeTime(estimate), less }, isAgreed, { terminal, surroundings });
}

/** The same for a study, which is estimated and not timed; `less` says what takes less. Throws as `agreeToLong` does. */
export async function agreeToLongStudy(
  time: StudyTime,
  less: string,
  isAgreed: boolean,
  { terminal, surroundings }: Pick<Session, "terminal" | "surroundings">,
): Promise<void> {
  if (!isLongStudy(time)) return;
  await ask({ what: "study", time: describeStudyTime(time), less }, isAgreed, { terminal, surroundings });
}

/** What takes so long that somebody is asked. */
interface LongWork {
  readonly what: string;
  readonly time: string;
  /** What would take less. */
  readonly less: string;
}

async function ask(
  { what, time, less }: LongWork,
  isAgreed: boolean,
  { terminal, surroundings }: Pick<Session, "terminal" | "surroundings">,
): Promise<void> {
  terminal.warn(`It will take ${time}.`);
  if (isAgreed) return;
  if (!surroundings.isAttended) {
    const advice = `--yes starts it all the same, ${less}`;
    throw new LabError("bad_config", `${what}: this takes more than a day, and nobody is there to ask; ${advice}`);
  }
  if (!(await confirm(`Start it all the same? ${toSentence(less)}`)))
    throw new LabError("interrupted", "Nothing was started.");
}

/** Says how long a study takes and what that is known from. */
export function describeStudyTime({ seconds, isMeasured }: StudyTime): string {
  const time = `about ${formatDuration(seconds)}`;
  return isMeasured ? `${time} here, roughly` : `${time} on two usual cores; nothing was timed here yet`;
}

function toSentence(words: string): string {
  return `${words.charAt(0).toUpperCase()}${words.slice(1)}.`;
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
