import { readFileSync } from "node:fs";
import { join } from "node:path";

import { z } from "zod";

import { getErrorCode } from "#main/files/diskError.ts";
import type { RunPlace, RunSummary } from "#shared/api/runs.ts";
import { LabError } from "#shared/labError.ts";

import { writeJson } from "./runFolder.ts";

const handoverSchema = z.object({
  schema: z.literal("hinas.handover"),
  version: z.literal(1),
  site: z.string(),
  /** Counts how often the run was handed over; part of the job's name. */
  attempt: z.int().min(1),
  jobId: z.string().nullable(),
  /** As the window says it; the last one stays when the run is over there. */
  state: z.enum(["queued", "preparing", "running"]),
  /** Why it waits, or what is in the way just now. */
  detail: z.string().nullable(),
  /** True once the run is here again, or will never be there. */
  isOver: z.boolean(),
  /** Whether somebody wants it to stop, and the site was told. */
  stop: z.enum(["no", "asked", "told"]),
  /** Whole answers in a row in which the job was missing though it did not say that it had ended. */
  timesMissing: z.int().min(0),
  handedOverAt: z.iso.datetime(),
});
/** handover.json: where a run is that another computer does. */
export type Handover = Readonly<z.infer<typeof handoverSchema>>;

const FILE = "handover.json";

/** Reads where a run was handed over to; null where it never was. Throws LabError `bad_data` where the file cannot be understood. */
export function readHandover(folder: string): Handover | null {
  try {
    const result = handoverSchema.safeParse(JSON.parse(readFileSync(join(folder, FILE), "utf8")));
    if (result.success) return result.data;
  } catch (error) {
    if (getErrorCode(error) === "ENOENT") return null;
    if (!(error instanceof SyntaxError)) throw error;
  }
  throw new LabError("bad_data", `read ${join(folder, FILE)}: must say where the run is, got something else`);
}

/** Reads the handover of a run that a site has now; null where none has it. */
export function readOpenHandover(folder: string): Handover | null {
  const handover = readHandover(folder);
  return handover === null || handover.isOver ? null : handover;
}

/** Writes where a run is. Throws LabError `disk` or `permission`. */
export function writeHandover(folder: string, handover: Handover): Promise<void> {
  return writeJson(join(folder, FILE), handover);
}

/** Throws LabError `busy` where a site has the run. */
export function refuseHandedOver(folder: string, id: string): void {
  const handover = readOpenHandover(folder);
  if (handover === null) return;
  const job = handover.jobId === null ? "" : ` as job ${handover.jobId}`;
  throw new LabError("busy", `run ${id}: it is at ${handover.site}${job}; \`hinas runs stop ${id}\` ends it there`);
}

/** Gives a summary the place that the run was handed over to, if any. */
export function withPlace(run: RunSummary): RunSummary {
  const handover = readHandover(run.folder);
  if (handover === null) return run;
  const { site, jobId, detail, isOver } = handover;
  const place: RunPlace = { site, jobId, detail, isOver };
  return { ...run, place };
}
