import { open } from "node:fs/promises";

import { getErrorCode, toDiskError } from "#main/files/diskError.ts";
import type { RunEvent } from "#shared/runs/runEvent.ts";

import { parseEventLine } from "./eventLog.ts";

/** Steps are told often: the end of a file of events has one, unless the run never came to it. */
const TAIL_BYTES = 64 * 1024;

/** Finds the last step event near the end of an events.jsonl, or null. Throws LabError where the file cannot be read. */
export async function readLastStep(file: string): Promise<Extract<RunEvent, { type: "step" }> | null> {
  try {
    const handle = await open(file, "r");
    try {
      const { size } = await handle.stat();
      const bytes = Buffer.alloc(Math.min(size, TAIL_BYTES));
      await handle.read(bytes, 0, bytes.length, size - bytes.length);
      const events = bytes.toString("utf8").split("\n").map(parseEventLine);
      return events.findLast((event) => event?.type === "step") ?? null;
    } finally {
      await handle.close();
    }
  } catch (cause) {
    if (getErrorCode(cause) === "ENOENT") return null;
    throw toDiskError(`read ${file}`, cause);
  }
}
