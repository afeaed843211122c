import { ulid } from "ulid";

import { LabError } from "#shared/labError.ts";
import type { Task, TaskKind, TaskOutcome, TaskProgress } from "#shared/api/tasks.ts";

import type { Changes } from "#main/lab/changes.ts";

/** What a task does its work with. */
export interface TaskWork {
  /** Aborted when the task is cancelled. */
  readonly signal: AbortSignal;
  /** Resolves at once, or where the task rests, when it goes on or is cancelled. */
  proceed(): Promise<void>;
  /** Tells how far it is; the first report says that it has begun. */
  report(progress: TaskProgress): void;
}

export interface TaskDescription {
  readonly kind: TaskKind;
  readonly title: string;
  readonly work: (work: TaskWork) => Promise<TaskOutcome>;
  /** Removes what only the task holds, once it is dismissed; where the program ends, that stays. */
  readonly forget?: () => Promise<void>;
}

/** The tasks of this process. */
export interface TaskBoard {
  start(description: TaskDescription): Task;
  /** Takes in a task that ended before this process began. */
  restore(task: Task, forget: () => Promise<void>): void;
  /** Newest first. */
  list(): readonly Task[];
  /** Throws LabError `not_found`. */
  get(id: string): Task;
  cancel(id: string): Task;
  /** Lets a task rest where it next asks whether to proceed. */
  pause(id: string): Task;
  resume(id: string): Task;
  /** Throws LabError `busy` while the task is at work. */
  dismiss(id: string): Promise<void>;
  /** Resolves when a task has ended in whatever way; never rejects. */
  waitFor(id: string): Promise<Task>;
  /** Cancels all and waits for their ends. */
  close(): Promise<void>;
}

/** Ended tasks that are remembered; older ones are dismissed. */
const MAX_ENDED = 50;
/** Before this share, an estimate of the time left is a guess. */
const MIN_SHARE = 0.02;

/** Creates an empty board that tells of every change. */
export function createTaskBoard(changes: Changes, log: (line: string) => void): TaskBoard {
  const running = new Map<string, RunningTask>();
  const find = (id: string): RunningTask => {
    const found = running.get(id);
    if (found === undefined) throw new LabError("not_found", `this work is not remembered any more (${id})`);
    return found;
  };
  const steer = (id: string, how: "cancel" | "pause" | "resume"): Task => {
    const found = find(id);
    found[how]();
    return found.task;
  };
  const dismiss = async (id: string): Promise<void> => {
    const found = find(id);
    if (!found.hasEnded()) throw new LabError("busy", `${found.task.title} is at work; cancel it first`);
    running.delete(id);
    changes.tell({ kind: "task_dismissed", id });
    await found.description.forget?.();
  };
  const dismissOldest = async (): Promise<void> => {
    const ended = [...running.values()].filter((each) => each.hasEnded());
    for (const { task } of ended.slice(0, Math.max(0, ended.length - MAX_ENDED))) await dismiss(task.id);
  };
  return {
    start: (description) => {
      const started = new RunningTask(description, (task) => changes.tell({ kind: "task", task }));
      running.set(started.task.id, started);
      void started.run(log).then(() => dismissOldest().catch((error: unknown) => log(String(error))));
      return started.task;
    },
    restore: (task, forget) => {
      const { kind, title } = task;
      const work = (): Promise<never> => Promise.reject(new Error("tasks: what has ended does not begin again"));
      running.set(task.id, new RunningTask({ kind, title, work, forget }, () => undefined, task));
      changes.tell({ kind: "task", task });
    },
    list: () => [...running.values()].map(({ task }) => task).reverse(),
    get: (id) => find(id).task,
    cancel: (id) => steer(id, "cancel"),
    pause: (id) => steer(id, "pause"),
    resume: (id) => steer(id, "resume"),
    dismiss,
    waitFor: async (id) => {
      const found = find(id);
      await found.done;
      return found.task;
    },
    close: async () => {
      for (const each of running.values()) each.cancel();
      await Promise.all([...running.values()].map(({ done }) => done));
      running.clear();
    },
  };
}

class RunningTask {
  readonly description: TaskDescription;
  task: Task;
  done: Promise<void> = Promise.resolve();
  readonly #tell: (task: Task) => void;
  readonly #abort = new AbortController();
  #beganAtMs: number | null = null;
  #rest: { readonly promise: Promise<void>; readonly resolve: () => void; readonly since: number } | null = null;

  /** `ended` is one that ended before. */
  constructor(description: TaskDescription, tell: (task: Task) => void, ended: Task | null = null) {
    this.description = description;
    this.#tell = tell;
    const { kind, title } = description;
    const nothing = { progress: null, secondsLeft: null, error: null, outcome: null, endedAt: null };
    this.task = ended ?? { id: ulid(), kind, title, state: "queued", createdAt: new Date().toISOString(), ...nothing };
    tell(this.task);
  }

  hasEnded(): boolean {
    return this.task.endedAt !== null;
  }

  cancel(): void {
    this.#abort.abort();
    this.#rest?.resolve();
  }

  pause(): void {
    if (this.hasEnded() || this.#rest !== null) return;
    let resolve = (): void => undefined;
    const promise = new Promise<void>((goOn) => (resolve = goOn));
    this.#rest = { promise, resolve, since: performance.now() };
    this.#change({ state: "paused", secondsLeft: null });
  }

  resume(): void {
    if (this.#rest === null || this.hasEnded()) return;
    const { resolve, since } = this.#rest;
    // The rest is no part of the time that the work takes.
    if (this.#beganAtMs !== null) this.#beganAtMs += performance.now() - since;
    this.#rest = null;
    this.#change({ state: this.task.progress === null ? "queued" : "running" });
    resolve();
  }

  run(log: (line: string) => void): Promise<void> {
    this.done = this.#work(log);
    return this.done;
  }

  async #work(log: (line: string) => void): Promise<void> {
    try {
      const outcome = await this.description.work({
        signal: this.#abort.signal,
        report: this.#report,
        proceed: async () => this.#rest?.promise,
      });
      this.#end({ state: "finished", outcome });
    } catch (error) {
      if (this.#abort.signal.aborted) {
        this.#end({ state: "cancelled" });
        return;
      }
      const message = error instanceof Error ? error.message : String(error);
      const kind = error instanceof LabError ? error.kind : null;
      if (kind === null) log(error instanceof Error ? (error.stack ?? message) : message);
      this.#end({ state: "failed", error: { kind, message } });
    }
  }

  readonly #report = (progress: TaskProgress): void => {
    this.#beganAtMs ??= performance.now();
    const seconds = (performance.now() - this.#beganAtMs) / 1000;
    const { share } = progress;
    const isResting = this.#rest !== null;
    const secondsLeft = isResting || share < MIN_SHARE ? null : (seconds / share) * (1 - share);
    this.#change({ state: isResting ? "paused" : "running", progress, secondsLeft });
  };

  #end(end: Pick<Task, "state"> & Partial<Task>): void {
    this.#change({ ...end, secondsLeft: null, endedAt: new Date().toISOString() });
  }

  #change(change: Partial<Task>): void {
    this.task = { ...this.task, ...change };
    this.#tell(this.task);
  }
}
