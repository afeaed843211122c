import { ulid } from "ulid";

import { LabError } from "#shared/labError.ts";
import type { Task, TaskKind, TaskOutcome, TaskProgress } from "#shared/api/tasks.ts";

import type { Changes } from "#main/lab/changes.ts";

/** What a task does its work with. */
export interface TaskWork {
  /** Aborted when the task is cancelled. */
  readonly signal: AbortSignal;
  /** Tells how far it is; the first report says that it has begun. */
  report(progress: TaskProgress): void;
}

export interface TaskDescription {
  readonly kind: TaskKind;
  readonly title: string;
  readonly work: (work: TaskWork) => Promise<TaskOutcome>;
  /** Frees what only the task holds, once it is dismissed. */
  readonly forget?: () => Promise<void>;
}

/** The tasks of this process. */
export interface TaskBoard {
  start(description: TaskDescription): Task;
  /** Newest first. */
  list(): readonly Task[];
  /** Throws LabError `not_found`. */
  get(id: string): Task;
  cancel(id: string): Task;
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
    if (found === undefined) throw new LabError("not_found", `task: must be a known one, got ${id}`);
    return found;
  };
  const dismiss = async (id: string): Promise<void> => {
    const found = find(id);
    if (!found.hasEnded()) throw new LabError("busy", `task: ${found.task.title} is at work; cancel it first`);
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
    list: () => [...running.values()].map(({ task }) => task).reverse(),
    get: (id) => find(id).task,
    cancel: (id) => {
      const found = find(id);
      found.cancel();
      return found.task;
    },
    dismiss,
    waitFor: async (id) => {
      const found = find(id);
      await found.done;
      return found.task;
    },
    close: async () => {
      for (const each of running.values()) each.cancel();
      await Promise.all([...running.values()].map(({ done }) => done));
      await Promise.all([...running.values()].map(async ({ description }) => description.forget?.()));
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

  constructor(description: TaskDescription, tell: (task: Task) => void) {
    this.description = description;
    this.#tell = tell;
    const { kind, title } = description;
    const nothing = { progress: null, secondsLeft: null, error: null, outcome: null, endedAt: null };
    this.task = { id: ulid(), kind, title, state: "queued", createdAt: new Date().toISOString(), ...nothing };
    tell(this.task);
  }

  hasEnded(): boolean {
    return this.task.endedAt !== null;
  }

  cancel(): void {
    this.#abort.abort();
  }

  run(log: (line: string) => void): Promise<void> {
    this.done = this.#work(log);
    return this.done;
  }

  async #work(log: (line: string) => void): Promise<void> {
    try {
      const outcome = await this.description.work({ signal: this.#abort.signal, report: this.#report });
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
    const secondsLeft = share < MIN_SHARE ? null : (seconds / share) * (1 - share);
    this.#change({ state: "running", progress, secondsLeft });
  };

  #end(end: Pick<Task, "state"> & Partial<Task>): void {
    this.#change({ ...end, secondsLeft: null, endedAt: new Date().toISOString() });
  }

  #change(change: Partial<Task>): void {
    this.task = { ...this.task, ...change };
    this.#tell(this.task);
  }
}
