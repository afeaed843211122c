import { pathToFileURL } from "node:url";
import { resolve } from "node:path";

import { at } from "#shared/at.ts";

import { tryBroken } from "./support/brokenJobs.ts";
import type { Trial } from "./support/trial.ts";

const DAY_MS = 24 * 60 * 60_000;
const SHIFTS_MS = [-30 * DAY_MS, 0, 30 * DAY_MS];
const SHIFT = pathToFileURL(resolve("tests/trials/support/shiftClock.ts")).href;

/** Jobs whose processes, one after the other, live in other months. */
export const clocks: Trial = {
  name: "clocks",
  promise:
    "a clock that is moved by 30 days, either way, between the processes of a job keeps nobody from it and changes nothing",
  fullCases: 30,
  smallCases: 1,
  run: (setup) =>
    tryBroken(setup, {
      stream: "clocks",
      kinds: ["train", "search", "denoise", "import"],
      envOf: (random) => {
        const shiftMs = at(SHIFTS_MS, Math.min(2, Math.floor(random.uniform() * 3)), "shifts");
        return { NODE_OPTIONS: `--import=${SHIFT}`, HINAS_TRIAL_CLOCK_MS: String(shiftMs) };
      },
    }),
};
