import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

import type { Candidate, RunSummary } from "#shared/api/runs.ts";
import { evaluationSchema } from "#shared/runs/evaluation.ts";
import { ACTIVE_STATES } from "#shared/runs/runEvent.ts";

import { readEvents } from "#main/store/runs/eventLog.ts";
import { runManifestSchema, runStatusSchema } from "#main/store/runs/runFiles.ts";
import { getRunPaths, type RunPaths } from "#main/store/runs/runFolder.ts";
import { EVALUATION_FILE, pickCandidates, toEvaluationRow } from "#main/store/runs/runProducts.ts";
import { toRunSummary } from "#main/store/runs/runSummary.ts";

import { getHomePaths } from "./labHome.ts";
import type { Store } from "./openStore.ts";

/**
 * Brings into the index what a process wrote into the folders of runs and did not come to index before it died: runs, how
 * they ended, evaluations, where they lie since the home was moved; and takes runs out whose folder is gone. Only what the index lacks is read, so that it can be done
 * at each start. Folders that cannot be read are left to a rebuild, which tells of them.
 */
export function reconcileStore(store: Store, home: string): void {
  const { runs } = getHomePaths(home);
  if (!existsSync(runs)) return;
  const known = new Map(store.runs.list().map((run) => [run.id, run]));
  for (const name of readdirSync(runs)) {
    const id = /^run-([0-9A-Z]+)$/.exec(name)?.[1];
    if (id !== undefined) passOver(() => reconcileRun(store, id, getRunPaths(join(runs, name)), known.get(id) ?? null));
  }
  for (const { id, folder } of store.runs.list()) if (!existsSync(folder)) store.runs.remove(id);
}

function reconcileRun(store: Store, id: string, paths: RunPaths, known: RunSummary | null): void {
  const status = runStatusSchema.parse(readJson(paths.status));
  // How a run at work is doing is asked of its folder anyway.
  const [now, indexedAs] = [status.state, known?.state ?? null];
  const isAsIndexed =
    now === indexedAs || (indexedAs !== null && ACTIVE_STATES.has(now) && ACTIVE_STATES.has(indexedAs));
  if (!isAsIndexed || known?.folder !== paths.folder) {
    const candidates = isAsIndexed ? null : readCandidates(paths);
    const manifest = runManifestSchema.parse(readJson(paths.resolved));
    const summary = { ...toRunSummary(paths.folder, manifest, status), state: now, reason: status.reason };
    store.inTransaction(() => {
      store.runs.put(summary);
      if (candidates !== null) store.candidates.replaceFrom(id, 0, candidates);
    });
  }
  const indexed = new Set(store.evaluations.listOfRun(id).map((row) => row.id));
  for (const name of existsSync(paths.evaluations) ? readdirSync(paths.evaluations) : []) {
    const evaluation = EVALUATION_FILE.exec(name)?.[1];
    if (evaluation === undefined || indexed.has(evaluation)) continue;
    passOver(() => {
      const content = evaluationSchema.parse(readJson(join(paths.evaluations, name)));
      store.evaluations.put(toEvaluationRow(evaluation, id, content));
    });
  }
}

/** Most runs have none, and a long one's events take seconds to parse. */
function readCandidates({ events }: RunPaths): readonly Candidate[] {
  return readFileSync(events).includes('"type":"candidate"') ? pickCandidates(readEvents(events)) : [];
}

function readJson(file: string): unknown {
  return JSON.parse(readFileSync(file, "utf8"));
}

/** One folder that is damaged, or is being removed, says nothing about the others. */
function passOver(act: () => void): void {
  try {
    act();
  } catch {
    return;
  }
}
