import type { DatasetCard } from "#main/store/cards/datasetCards.ts";
import type { RunManifest, RunStatus } from "#main/store/runs/runFiles.ts";
import type { Candidate } from "#shared/api/runs.ts";
import { searchConfigSchema } from "#shared/runs/config.ts";

/** A search run as the store sees it, with what a test wants different. */
export function buildManifest(id: string): RunManifest {
  return {
    schema: "hinas.run",
    version: 1,
    kind: "search",
    id,
    name: `search ${id.slice(-4)}`,
    createdAt: "2026-01-02T03:04:05.000Z",
    dataset: { name: "kittens", folder: "/photos/kittens", noisyFolder: null, photos: 12, fingerprint: "f00d" },
    study: null,
    config: searchConfigSchema.parse({}),
  };
}

/** A status of a run that ended well, with what a test wants different. */
export function buildStatus(changes: Partial<RunStatus> = {}): RunStatus {
  return {
    schema: "hinas.status",
    version: 1,
    state: "finished",
    reason: null,
    errorKind: null,
    step: 40,
    totalSteps: 40,
    secondsPerStep: 0.25,
    best: { step: 30, psnrDb: 28.25, ssim: 0.81 },
    engine: "tensorflow 2.21.0 on CPU",
    earlierEngines: [],
    ownershipEpoch: 1,
    owner: null,
    worker: null,
    heartbeatAt: "2026-01-02T04:00:00.000Z",
    ...changes,
  };
}

/** An architecture that was tried at a step, the better the later. */
export function buildCandidate(step: number): Candidate {
  return {
    step,
    genotypeHash: "0badf00d",
    score: 0.5 + step / 1000,
    parameters: 1_234,
    multiplyAddsPerPixel: 1_200.5,
    fidelity: 0.25,
    strategy: "random",
  };
}

/** A registered data set with something in every list. */
export function buildCard(): DatasetCard {
  return {
    name: "kittens",
    formerNames: [],
    folder: "/photos/kittens",
    noisyFolder: null,
    photos: 3,
    fingerprint: "f00d",
    stamp: "today",
    skipped: [{ file: "/photos/kittens/notes.txt", reason: "not a photo" }],
    unmatchedClean: ["a"],
    unmatchedNoisy: [],
    download: null,
    addedAt: "2026-01-02T03:04:05.000Z",
  };
}
