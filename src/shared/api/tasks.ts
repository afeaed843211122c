import { z } from "zod";

import type { LabErrorKind } from "#shared/labError.ts";
import { takes } from "./procedure.ts";

/** Work beside runs that takes a while: it goes on when the window closes, and ends with the lab. */
export type TaskKind = "import" | "evaluation" | "denoise";

export const TASK_STATES = ["queued", "running", "paused", "finished", "failed", "cancelled"] as const;
export type TaskState = (typeof TASK_STATES)[number];

/** States in which a task has not ended. */
export const ACTIVE_TASK_STATES: ReadonlySet<TaskState> = new Set(["queued", "running", "paused"]);

export interface TaskProgress {
  /** Of the whole task, 0..1. */
  readonly share: number;
  readonly done: number;
  readonly total: number;
  readonly unit: "photos" | "MB";
  /** The photo under way; null between photos. */
  readonly current: { readonly name: string; readonly tilesDone: number; readonly tilesTotal: number } | null;
}

/** What came out of a finished task. */
export type TaskOutcome =
  | { readonly kind: "import"; readonly dataset: string }
  | { readonly kind: "evaluation"; readonly evaluation: string }
  | { readonly kind: "denoise"; readonly done: number; readonly failed: number };

export interface Task {
  readonly id: string;
  readonly kind: TaskKind;
  readonly title: string;
  readonly state: TaskState;
  readonly progress: TaskProgress | null;
  /** Null where it cannot be told yet. */
  readonly secondsLeft: number | null;
  /** Why it failed; the kind is null for a fault in the program. */
  readonly error: { readonly kind: LabErrorKind | null; readonly message: string } | null;
  readonly outcome: TaskOutcome | null;
  readonly createdAt: string;
  readonly endedAt: string | null;
}

export const taskProcedures = {
  /** Newest first. */
  listTasks: takes().gives<readonly Task[]>(),
  /** Lets a task rest after the photo at work; one that has ended stays as it is. */
  pauseTask: takes(z.string()).gives<Task>(),
  /** Lets a task that rests go on. */
  resumeTask: takes(z.string()).gives<Task>(),
  /** Ends a task as soon as it can be; one that has ended stays as it is. */
  cancelTask: takes(z.string()).gives<Task>(),
  /** Forgets a task that has ended, with the pictures that only it had. */
  dismissTask: takes(z.string()).givesNothing(),
};
