import { describe, expect, it } from "vitest";

import type { RunSummary } from "#shared/api/runs.ts";
import { type Task, TASK_STATES } from "#shared/api/tasks.ts";
import { texts } from "#renderer/texts/texts.ts";
import { listQueues } from "#renderer/views/settings/jobQueues.ts";

const makeRun = (id: string, state: RunSummary["state"], createdAt: string) => ({ id, state, createdAt }) as RunSummary;
const makeTask = (id: string, kind: Task["kind"], state: Task["state"], createdAt: string) =>
  ({ id, kind, state, createdAt }) as Task;

describe("the queues of the device", () => {
  it("are two, each with what is at work before what waits, the oldest first", () => {
    const runs = [makeRun("c", "queued", "3"), makeRun("b", "running", "2"), makeRun("a", "queued", "1")];
    const tasks = [
      makeTask("f", "denoise", "queued", "6"),
      makeTask("e", "evaluation", "queued", "5"),
      makeTask("d", "denoise", "running", "4"),
    ];
    const queues = listQueues(runs, tasks);
    expect(queues.runs.map(({ id }) => id)).toEqual(["b", "a", "c"]);
    expect(queues.tasks.map(({ id }) => id)).toEqual(["d", "e", "f"]);
  });

  it("leave out imports, which compute nothing", () => {
    const tasks = [makeTask("a", "import", "running", "1")];
    expect(listQueues([], tasks)).toEqual({ runs: [], tasks: [] });
  });

  it("have a word for every state of a task", () => {
    expect(Object.keys(texts.taskStates).sort()).toEqual([...TASK_STATES].sort());
  });
});
