import { existsSync } from "node:fs";
import { join } from "node:path";

import { z } from "zod";

import type { JobReport } from "#main/lab/executors/executor.ts";
import { hashFile } from "#main/files/hashFile.ts";
import { HASHES_FILE } from "#main/lab/runs/runAlone.ts";
import { readJsonFile } from "#main/files/readJsonFile.ts";
import type { RunStatus } from "#main/store/runs/runFiles.ts";
import { letPass } from "#shared/labError.ts";
import { ACTIVE_STATES } from "#shared/runs/runEvent.ts";

/** How a run at a site ended. */
export type RunEnding = Pick<RunStatus, "state" | "reason" | "errorKind">;

/** What is known of a job that is over. */
export interface EndFacts {
  /** What the carrier says; null where it no longer knows the job. */
  readonly report: JobReport | null;
  /** The run's status as it came from there. */
  readonly status: RunStatus;
  /** The last line of the job's log. */
  readonly lastLine: string | null;
  readonly isStopping: boolean;
}

/** Decides how a run ended: by what the run wrote, and where it came to write nothing, by what the carrier says of the job. */
export function decideEnd({ report, status, lastLine, isStopping }: EndFacts): RunEnding {
  const { state, reason, errorKind } = status;
  if (!ACTIVE_STATES.has(state)) {
    const why = state === "stopped" && report?.ending?.state === "stopped" ? report.detail : null;
    return { state, reason: [why, reason].filter((part) => part !== null).join("; ") || null, errorKind };
  }
  if (isStopping) return { state: "stopped", reason: "it was cancelled there", errorKind: null };
  const last = lastLine === null ? "" : `; its last words: ${lastLine}`;
  const ending = report?.ending ?? null;
  if (ending === null) {
    const what = "the job is no longer in the queue, and nothing says how it ended";
    return { state: "interrupted", reason: `${what}${last}`, errorKind: null };
  }
  const detail = report?.detail ?? "the job ended";
  if (ending.state === "finished") {
    return { state: "failed", reason: `${detail}, and the run had not finished${last}`, errorKind: null };
  }
  const goesOn = ending.state !== "failed" ? "; to resume it goes on from the last checkpoint" : last;
  return { state: ending.state, reason: `${detail}${goesOn}`, errorKind: ending.isOutOfMemory ? "memory" : null };
}

const hashesSchema = z.record(z.string(), z.string());

/** Names the first file of a finished run that did not come as it was sent; null where all are whole. Throws LabError. */
export async function findDamaged(folder: string): Promise<string | null> {
  const hashes = await readJsonFile(join(folder, HASHES_FILE), hashesSchema).catch(letPass("not_found", "bad_data"));
  if (hashes === undefined || hashes["result.json"] === undefined) return HASHES_FILE;
  for (const [name, hash] of Object.entries(hashes)) {
    const file = join(folder, name);
    if (!existsSync(file) || (await hashFile(file)) !== hash) return name;
  }
  return null;
}
