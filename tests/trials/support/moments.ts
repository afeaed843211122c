import { readFile } from "node:fs/promises";
import { pathToFileURL } from "node:url";
import { resolve } from "node:path";

/** Of a job's two processes, the one that holds the lab, and the one that computes. */
export type Process = "host" | "worker";

/** Who is killed, and at which step. */
export interface Death {
  readonly victim: Process | "both";
  readonly moment: string;
  /** Which one of the steps of this name in a process, from 1. */
  readonly nth: number;
  readonly isBefore: boolean;
  /** Gets a line where somebody was killed. */
  readonly note: string;
}

/** What `dieAt.ts` is told. */
export interface DeathPlan {
  /** The folder whose files are watched. */
  readonly root: string;
  /** Gets a line for each step. */
  readonly record: string | null;
  readonly death: Death | null;
}

/** How often a job undisturbed comes to the steps of each name. */
export type Moments = ReadonlyMap<string, number>;

const DIE_AT = pathToFileURL(resolve("tests/trials/support/dieAt.ts")).href;

/** What a step is for, by the end of its path; the first that fits. */
const PLACES: readonly (readonly [RegExp, string])[] = [
  [/^\/index$/, "the index"],
  [/\.lock(\/|$)/, "a claim"],
  [/\/checkpoints(\/|$)/, "checkpoints"],
  [/\/status\.json$/, "the status"],
  [/\/events\.jsonl$/, "events"],
  [/\/runs\/[^/]+(\/\.hinas-[^/]*)?$/, "a run's folder"],
  [/\/evaluations(\/|$)/, "evaluations"],
  [/^\/output(\/|$)/, "results"],
];

/** Names a step by what is done and what for: names of files are random. */
export function describeMoment(name: string, path: string): string {
  const place = PLACES.find(([pattern]) => pattern.test(path))?.[1] ?? "other files";
  return `${name} of ${place}`;
}

/** The environment in which a job's processes follow a plan. */
export function withDeath(plan: DeathPlan, env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const options = [env["NODE_OPTIONS"], `--import=${DIE_AT}`].filter((option) => option !== undefined);
  return { ...env, NODE_OPTIONS: options.join(" "), HINAS_TRIAL_DEATH: JSON.stringify(plan) };
}

/** Reads what was recorded of a job undisturbed. */
export async function readMoments(record: string): Promise<Moments> {
  const moments = new Map<string, number>();
  for (const line of (await readFile(record, "utf8")).split("\n")) {
    if (line !== "") moments.set(line, (moments.get(line) ?? 0) + 1); // not seen before
  }
  return moments;
}
