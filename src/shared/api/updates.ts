import { z } from "zod";

import type { RunEvent } from "#shared/runs/runEvent.ts";

import { takes } from "./procedure.ts";
import type { RunSnapshot, RunSummary } from "./runs.ts";
import type { Task } from "./tasks.ts";

/** Lists that a window may hold and that may have changed behind its back. */
export const TOPICS = ["datasets", "architectures", "evaluations", "noiseProfiles", "preferences", "studies"] as const;
export type Topic = (typeof TOPICS)[number];

/** What happened in a run that a window follows. */
export interface RunNews {
  readonly id: string;
  /** In order, without candidates. A slow window gets fewer steps, but always the newest, and all but the oldest log lines. */
  readonly events: readonly RunEvent[];
}

/** What is new since the last message. Whatever a list does not name is as it was. */
export interface Updates {
  readonly runs: readonly RunSummary[];
  readonly removedRuns: readonly string[];
  readonly news: readonly RunNews[];
  readonly tasks: readonly Task[];
  readonly dismissedTasks: readonly string[];
  /** To be asked for again by whoever shows them. */
  readonly stale: readonly Topic[];
}

/** What the lab tells a window. */
export interface WindowListener {
  /** The next message waits until this one's answer has come, and never comes sooner than a tenth of a second later. */
  onUpdates(updates: Updates): void | Promise<void>;
}

/** What is asked of the connection of one window, and ends with it. */
export const windowProcedures = {
  /**
   * Gives a run as it is and tells from then on what happens in it, without gap and without repetition. A second call
   * begins anew. `points` bounds the steps of the snapshot.
   */
  followRun: takes(
    z.strictObject({ id: z.string().min(1), points: z.int().min(2).max(20_000).default(2_000) }),
  ).gives<RunSnapshot>(),
  unfollowRun: takes(z.string()).givesNothing(),
};
