import type { RunSummary } from "#shared/api/runs.ts";
import { ACTIVE_STATES } from "#shared/runs/runEvent.ts";
import { genotypeHash } from "#shared/space/spaces/spaces.ts";

import { isAlive } from "#main/files/processIdentity.ts";
import { readOpenHandover } from "./handover.ts";
import type { RunManifest, RunStatus } from "./runFiles.ts";
import { getRunPaths, readManifest, readStatus } from "./runFolder.ts";

/** Tells whether a run is in the hands of a process that still lives. */
export function isOwned(status: RunStatus): boolean {
  const { owner, state, heartbeatAt } = status;
  return ACTIVE_STATES.has(state) && owner !== null && isAlive(owner, heartbeatAt);
}

/** Sums up a run. One that a site has is as the site said last; one that is here, claims to be at work but whose owner is gone is *interrupted*. */
export function toRunSummary(folder: string, manifest: RunManifest, status: RunStatus): RunSummary {
  const handover = readOpenHandover(folder);
  const isInterrupted = handover === null && ACTIVE_STATES.has(status.state) && !isOwned(status);
  const isThere = handover === null ? {} : { state: handover.state, reason: handover.detail, errorKind: null };
  return {
    id: manifest.id,
    kind: manifest.kind,
    name: manifest.name,
    state: isInterrupted ? "interrupted" : status.state,
    reason: isInterrupted ? `the process that ran it ended at step ${status.step}` : status.reason,
    errorKind: isInterrupted ? null : status.errorKind,
    folder,
    createdAt: manifest.createdAt,
    dataset: manifest.dataset.name,
    datasetFingerprint: manifest.dataset.fingerprint,
    engine: status.engine,
    step: status.step,
    totalSteps: status.totalSteps,
    secondsPerStep: status.secondsPerStep,
    best: status.best,
    genotypeHash: manifest.kind === "train" ? genotypeHash(manifest.genotype) : null,
    studyId: manifest.study,
    ...isThere,
  };
}

/** Sums up a run from its folder alone. Throws LabError `not_found` or `bad_data`. */
export async function readRunSummary(folder: string): Promise<RunSummary> {
  const paths = getRunPaths(folder);
  return toRunSummary(folder, await readManifest(paths), await readStatus(paths));
}
