import { readEvents } from "#main/store/runs/eventLog.ts";
import { getRunPaths, readManifest } from "#main/store/runs/runFolder.ts";
import { at } from "#shared/at.ts";
import { LabError } from "#shared/labError.ts";
import { addEvents, createRunHistory, findBest } from "#shared/runs/history/runHistory.ts";
import type { EventOf, RunEvent } from "#shared/runs/runEvent.ts";
import { isCandidateSettings } from "#shared/runs/strategySchema.ts";
import { explainDerivation, type Explanation } from "#shared/space/cells/explain.ts";

import { findRun } from "./runs.ts";
import type { RunsContext } from "./runsContext.ts";

/** What is derived from a run needs neither steps nor log lines. */
const LIMITS = { steps: 1, logLines: 0 };

/**
 * Explains what an epoch of a search derives to; null for a search that asks for candidates, where no logit decides. Throws LabError
 * as `derive` does.
 */
export async function explainEpoch(context: RunsContext, runId: string, epoch: number): Promise<Explanation | null> {
  const paths = getRunPaths((await findRun(context, runId)).folder);
  const manifest = await readManifest(paths);
  if (manifest.kind !== "search") throw notASearch(runId);
  if (isCandidateSettings(manifest.config.search.strategy)) return null;
  const { arch } = pickArch(readEvents(paths.events), epoch, runId);
  return explainDerivation(arch, manifest.config.space.widthFactors, manifest.config.space.kind);
}

/**
 * Picks a candidate of a search that asks for them, by its number; without one, the best by its score among those that most was spent
 * on, the earlier of two. Throws
 * LabError `not_found`.
 */
export function pickCandidate(events: readonly RunEvent[], number: number | null, runId: string): EventOf<"candidate"> {
  const candidates = events.flatMap((event) => (event.type === "candidate" ? [event] : []));
  const [first, ...rest] = candidates;
  if (first === undefined) throw new LabError("not_found", `run ${runId} has scored no candidate yet`);
  if (number === null) return rest.reduce((best, each) => (isBetter(each, best) ? each : best), first);
  const found = candidates.findLast(({ epoch }) => epoch === number);
  if (found !== undefined) return found;
  const range = `1 to ${candidates.length}`;
  throw new LabError("not_found", `the candidate of run ${runId} must be one of ${range}, got ${number}`);
}

/** Scores of lower rungs do not compare with those that rest on more. */
function isBetter(a: EventOf<"candidate">, b: EventOf<"candidate">): boolean {
  return a.fidelity === b.fidelity ? a.score > b.score : a.fidelity > b.fidelity;
}

/** Says why a candidate was chosen, in lines for people. */
export function candidateLines(chosen: EventOf<"candidate">, events: readonly RunEvent[]): readonly string[] {
  const scores = events.flatMap((event) => (event.type === "candidate" ? [event.score] : []));
  const better = scores.filter((score) => score > chosen.score).length;
  return [
    `candidate ${chosen.epoch} of ${scores.length} by ${chosen.strategy}: score ${chosen.score.toFixed(4)}, place ${better + 1}`,
    `parameters ${chosen.parameters}, multiply-adds per pixel ${Math.round(chosen.multiplyAddsPerPixel)}`,
  ];
}

/** Says that only searches have epochs to derive from. */
export function notASearch(runId: string): LabError {
  return new LabError("bad_config", `run ${runId} must be a search, got a training`);
}

/** Picks the arch variables of an epoch; without one, those of the best validation, else the last. */
export function pickArch(events: readonly RunEvent[], epoch: number | null, runId: string): EventOf<"arch"> {
  const history = addEvents(createRunHistory(), events, LIMITS);
  const saved = history.archs;
  const last = saved.at(-1);
  if (last === undefined) throw new LabError("not_found", `run ${runId} has no saved epoch yet`);
  // The arch variables are saved at the same step as their validation.
  if (epoch === null) return saved.findLast(({ step }) => step === findBest(history)?.step) ?? last;
  const found = saved.findLast((event) => event.epoch === epoch);
  if (found !== undefined) return found;
  const range = `${at(saved, 0, "saved epochs").epoch} to ${last.epoch}`;
  throw new LabError("not_found", `the epoch of run ${runId} must be a saved one of ${range}, got ${epoch}`);
}
