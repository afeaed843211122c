import { readEvents } from "#main/store/runs/eventLog.ts";
import { getRunPaths, readManifest } from "#main/store/runs/runFolder.ts";
import { LabError } from "#shared/labError.ts";
import type { RunEvent } from "#shared/runs/runEvent.ts";
import { explainDerivation, type Explanation } from "#shared/space/cells/explain.ts";

import type { LabContext } from "#main/lab/labContext.ts";
import { findRun } from "./runs.ts";

type ArchEvent = Extract<RunEvent, { type: "arch" }>;

/** Explains what an epoch of a search derives to. Throws LabError as `derive` does. */
export async function explainEpoch(context: LabContext, runId: string, epoch: number): Promise<Explanation> {
  const paths = getRunPaths((await findRun(context, runId)).folder);
  const manifest = await readManifest(paths);
  if (manifest.kind !== "search") throw notASearch(runId);
  const { arch } = pickArch(readEvents(paths.events), epoch, runId);
  return explainDerivation(arch, manifest.config.space.widthFactors);
}

/** Says that only searches have epochs to derive from. */
export function notASearch(runId: string): LabError {
  return new LabError("bad_config", `derive: run ${runId} must be a search, got a training`);
}

/** Picks the arch variables of an epoch; without one, those of the best validation, else the last. */
export function pickArch(events: readonly RunEvent[], epoch: number | null, runId: string): ArchEvent {
  const saved = events.filter((event) => event.type === "arch");
  const last = saved.at(-1);
  if (last === undefined) throw new LabError("not_found", `derive: run ${runId} has no saved epoch yet`);
  if (epoch === null) return findBest(events, saved) ?? last;
  const found = saved.findLast((event) => event.epoch === epoch);
  if (found !== undefined) return found;
  const range = `${saved[0]?.epoch ?? last.epoch} to ${last.epoch}`;
  throw new LabError("not_found", `derive: epoch of run ${runId} must be a saved one of ${range}, got ${epoch}`);
}

/** The arch variables are saved at the same step as their validation; of equal scores the first counts, as while searching. */
function findBest(events: readonly RunEvent[], saved: readonly ArchEvent[]): ArchEvent | undefined {
  let best: Extract<RunEvent, { type: "validation" }> | null = null;
  for (const event of events) {
    if (event.type !== "validation") continue;
    if (best === null || event.validation.score > best.validation.score) best = event;
  }
  return saved.findLast((event) => event.step === best?.step);
}
