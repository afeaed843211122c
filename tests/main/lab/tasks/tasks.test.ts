import { describe, expect, it } from "vitest";

import { createChanges } from "#main/lab/changes.ts";
import { createTaskBoard, type TaskDescription } from "#main/lab/tasks/tasks.ts";
import type { LabChange } from "#shared/api/lab.ts";
import { LabError } from "#shared/labError.ts";
import type { TaskOutcome, TaskProgress } from "#shared/api/tasks.ts";

const OUTCOME: TaskOutcome = { kind: "import", dataset: "mine" };

function open() {
  const changes = createChanges();
  const told: LabChange[] = [];
  changes.listen((change) => told.push(change));
  const logged: string[] = [];
  const board = createTaskBoard(changes, (line) => logged.push(line));
  const start = (work: TaskDescription["work"], forget?: () => Promise<void>) =>
    board.start({ kind: "import", title: "mine", work, ...(forget === undefined ? {} : { forget }) });
  const statesTold = () => told.flatMap((change) => (change.kind === "task" ? [change.task.state] : []));
  return { board, start, told, statesTold, logged };
}

const progress = (done: number): TaskProgress => ({ share: done / 4, done, total: 4, unit: "photos", current: null });

describe("a task", () => {
  it("is queued until its first report, and tells every change", async () => {
    const { board, start, statesTold } = open();
    let report: (progress: TaskProgress) => void = () => undefined;
    let finish: (outcome: TaskOutcome) => void = () => undefined;
    const { id, state } = start((work) => {
      report = work.report;
      return new Promise((resolve) => (finish = resolve));
    });
    expect(state).toBe("queued");
    report(progress(0));
    expect(board.get(id)).toMatchObject({ state: "running", progress: { done: 0 }, secondsLeft: null });
    report(progress(1));
    expect(board.get(id).secondsLeft).toBeGreaterThanOrEqual(0);
    finish(OUTCOME);
    expect(await board.waitFor(id)).toMatchObject({ state: "finished", outcome: OUTCOME, secondsLeft: null });
    expect(statesTold()).toEqual(["queued", "running", "running", "finished"]);
  });

  it("fails with the kind of its trouble, and a fault in the program is logged", async () => {
    const { board, start, logged } = open();
    const refused = start(() => Promise.reject(new LabError("bad_data", "no photos")));
    const faulty = start(() => Promise.reject(new TypeError("x is no function")));
    expect((await board.waitFor(refused.id)).error).toEqual({ kind: "bad_data", message: "no photos" });
    expect(await board.waitFor(faulty.id)).toMatchObject({
      state: "failed",
      error: { kind: null, message: "x is no function" },
    });
    expect(logged).toHaveLength(1);
    expect(logged[0]).toContain("TypeError: x is no function");
  });

  it("ends as cancelled when it is cancelled, whatever it then throws", async () => {
    const { board, start } = open();
    const { id } = start(
      ({ signal }) =>
        new Promise((_resolve, reject) => {
          signal.addEventListener("abort", () => reject(new Error("torn apart")));
        }),
    );
    board.cancel(id);
    expect(await board.waitFor(id)).toMatchObject({ state: "cancelled", error: null, outcome: null });
  });

  it("rests where it next asks whether to proceed, goes on when told to, and can be cancelled while it rests", async () => {
    const { board, start, statesTold } = open();
    const did: string[] = [];
    const first = start(async ({ proceed, report }) => {
      await proceed();
      did.push("one");
      report(progress(1));
      await proceed();
      did.push("two");
      return OUTCOME;
    });
    board.pause(first.id);
    await Promise.resolve();
    expect(did).toEqual(["one"]);
    expect(board.get(first.id)).toMatchObject({ state: "paused", secondsLeft: null });
    board.resume(first.id);
    expect(await board.waitFor(first.id)).toMatchObject({ state: "finished" });
    expect(did).toEqual(["one", "two"]);
    expect(statesTold()).toEqual(["queued", "paused", "paused", "running", "finished"]);
    expect(board.pause(first.id).state).toBe("finished");

    const second = start(async ({ proceed, signal }) => {
      await Promise.resolve();
      await proceed();
      signal.throwIfAborted();
      return OUTCOME;
    });
    board.pause(second.id);
    board.cancel(second.id);
    expect(await board.waitFor(second.id)).toMatchObject({ state: "cancelled" });
  });

  it("is dismissed with what only it had, but not while it is at work", async () => {
    const { board, start, told } = open();
    let finish: (outcome: TaskOutcome) => void = () => undefined;
    let isForgotten = false;
    const { id } = start(
      () => new Promise((resolve) => (finish = resolve)),
      async () => void (isForgotten = true),
    );
    await expect(board.dismiss(id)).rejects.toMatchObject({ kind: "busy" });
    finish(OUTCOME);
    await board.waitFor(id);
    await board.dismiss(id);
    expect(isForgotten).toBe(true);
    expect(told.at(-1)).toEqual({ kind: "task_dismissed", id });
    expect(() => board.get(id)).toThrow(expect.objectContaining({ kind: "not_found" }));
  });
});

describe("the board", () => {
  it("lists the newest first and forgets the oldest ended ones", async () => {
    const { board, start } = open();
    const ids: string[] = [];
    for (let i = 0; i < 55; i += 1) {
      const { id } = start(() => Promise.resolve(OUTCOME));
      await board.waitFor(id);
      ids.push(id);
    }
    await expect.poll(() => board.list().map(({ id }) => id)).toEqual(ids.slice(-50).reverse());
  });

  it("cancels all and waits for their ends when it is closed", async () => {
    const { board, start, statesTold } = open();
    start(
      ({ signal }) =>
        new Promise((_resolve, reject) => {
          signal.addEventListener("abort", () => setTimeout(() => reject(new Error("late")), 20));
        }),
    );
    await board.close();
    expect(statesTold().at(-1)).toBe("cancelled");
  });
});
