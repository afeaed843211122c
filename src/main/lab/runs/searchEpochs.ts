import { readEvents } from "#main/store/runs/eventLog.ts";
import { getRunPaths, readManifest } from "#main/store/runs/runFolder.ts";
import { at } from "#shared/at.ts";
import { LabError } from "#shared/labError.ts";
import { addEvents, createRunHistory, findBest } from "#shared/runs/history/runHistory.ts";
import type { EventOf, RunEvent } from "#shared/runs/runEvent.ts";
import { explainDerivation, type Explanation } from "#shared/space/cells/explain.ts";

import { findRun } from "./runs.ts";
import type { RunsContext } from "./runsContext.ts";

/** What is derived from a run needs neither steps nor log lines. */
const LIMITS = { steps: 1, logLines: 0 };

/** Explains what an epoch of a search derives to. Throws LabError as `derive` does. */
export async function explainEpoch(context: RunsContext, runId: string, epoch: number): Promise<Explanation> {
  const paths = getRunPaths((await findRun(context, runId)).folder);
  const manifest = await readManifest(paths);
  if (manifest.kind !== "search") throw notASearch(runId);
  const { arch } = pickArch(readEvents(paths.events), epoch, runId);
  return explainDerivation(arch, manifest.config.space.widthFactors, manifest.config.space.kind);
}

/** Says that only searches have epochs to derive from. */
export function notASearch(runId: string): LabError {
  return new LabError("bad_config", `derive: run ${runId} must be a search, got a training`);
}

/** Picks the arch variables of an epoch; without one, those of the best validation, else the last. */
export function pickArch(events: readonly RunEvent[], epoch: number | null, runId: string): EventOf<"arch"> {
  const history = addEvents(createRunHistory(), events, LIMITS);
  const saved = history.archs;
  const last = saved.at(-1);
  if (last === undefined) throw new LabError("not_found", `derive: run ${runId} has no saved epoch yet`);
  // The arch variables are saved at the same step as their validation.
  if (epoch === null) return saved.findLast(({ step }) => step === findBest(history)?.step) ?? last;
  const found = saved.findLast((event) => event.epoch === epoch);
  if (found !== undefined) return found;
  const range = `${at(saved, 0, "saved epochs").epoch} to ${last.epoch}`;
  throw new LabError("not_found", `derive: epoch of run ${runId} must be a saved one of ${range}, got ${epoch}`);
}
