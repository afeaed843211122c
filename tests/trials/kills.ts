import { TOOLS } from "#tests/helpers/fakeTensorflow.ts";

import { tryBroken } from "./support/brokenJobs.ts";
import type { LabJob } from "./support/labJob.ts";
import type { Trial } from "./support/trial.ts";

/** Engine installations need pip and a compiler. */
const KINDS: readonly LabJob["kind"][] = [
  "search",
  "train",
  "denoise",
  "import",
  "evaluate",
  ...(TOOLS === null ? [] : (["engine"] as const)),
];

/** Jobs that are killed at random instants and taken up again. */
export const kills: Trial = {
  name: "kills",
  promise:
    "a job that is killed at any instant and taken up again ends as if nothing had happened, and leaves no half file",
  fullCases: 200,
  smallCases: 6,
  run: (setup) => tryBroken(setup, { stream: "kills", kinds: KINDS, envOf: () => ({}) }),
};
