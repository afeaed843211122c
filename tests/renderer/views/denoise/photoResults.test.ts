import { describe, expect, it } from "vitest";

import type { DenoiseItem } from "#shared/api/denoising.ts";
import type { Task } from "#shared/api/tasks.ts";
import { asOfNow, groupByPhoto, isKept, shareOfPhoto, stateOfPhoto } from "#renderer/views/denoise/photoResults.ts";
import { buildQueueRows } from "#renderer/views/denoise/queueRows.ts";

function makeItem(index: number, source: string, state: DenoiseItem["state"], more: Partial<DenoiseItem> = {}) {
  return { index, source, name: source.slice(1), model: `m${index}`, state, output: null, ...more } as DenoiseItem;
}

function makeTask(more: Partial<Task> = {}): Task {
  return { id: "t", kind: "denoise", title: "", state: "running", progress: null, endedAt: null, ...more } as Task;
}

function progress(done: number, tilesDone: number, tilesTotal: number): NonNullable<Task["progress"]> {
  return { share: 0, done, total: 4, unit: "photos", current: { name: "a", tilesDone, tilesTotal } };
}

describe("photos of a task", () => {
  it("gather their items by photo, also where they come network by network", () => {
    const items = [
      makeItem(0, "/a", "done"),
      makeItem(1, "/b", "done"),
      makeItem(2, "/a", "done"),
      makeItem(3, "/b", "done"),
    ];
    const groups = groupByPhoto(items).map(({ name, items: own }) => [name, own.map(({ index }) => index)]);
    expect(groups).toEqual([
      ["a", [0, 2]],
      ["b", [1, 3]],
    ]);
  });

  it.each([
    ["done", ["done", "done"]],
    ["skipped", ["skipped", "skipped"]],
    ["waiting", ["waiting", "waiting"]],
    ["running", ["done", "waiting"]],
    ["running", ["done", "running"]],
    ["failed", ["done", "failed"]],
    ["running", ["failed", "running"]],
  ] as const)("are %s where their items are %j", (expected, states) => {
    const [photo] = groupByPhoto(states.map((state, index) => makeItem(index, "/a", state)));
    expect(stateOfPhoto(photo!)).toBe(expected);
  });

  it("count the tiles of the network at work in their share", () => {
    const [photo] = groupByPhoto([
      makeItem(0, "/a", "done"),
      makeItem(1, "/a", "running"),
      makeItem(2, "/a", "waiting"),
    ]);
    expect(shareOfPhoto(photo!, progress(1, 3, 6))).toBeCloseTo(1.5 / 3, 12);
    expect(shareOfPhoto(photo!, null)).toBeCloseTo(1 / 3, 12);
  });

  it("can be looked at only where a result is kept", () => {
    expect(isKept(makeItem(0, "/a", "done"))).toBe(true);
    expect(isKept(makeItem(0, "/a", "done", { output: "/out.png" }))).toBe(false);
    expect(isKept(makeItem(0, "/a", "failed"))).toBe(false);
  });
});

describe("items as of now", () => {
  const items = [makeItem(0, "/a", "done"), makeItem(1, "/b", "waiting"), makeItem(2, "/c", "waiting")];
  const statesOf = (task: Task) => asOfNow(items, task).map(({ state }) => state);

  it("are at work as soon as the task tells so", () => {
    expect(statesOf(makeTask({ progress: progress(1, 0, 1) }))).toEqual(["done", "running", "waiting"]);
  });

  it("are left alone once the task has ended", () => {
    const states = ["done", "waiting", "waiting"];
    expect(statesOf(makeTask({ state: "cancelled", progress: progress(1, 0, 1) }))).toEqual(states);
  });
});

describe("the queue", () => {
  const sessions = [makeTask({ id: "new" }), makeTask({ id: "old" })];
  const items = new Map([["old", [makeItem(0, "/a", "done"), makeItem(1, "/b", "done")]]]);
  const keysOf = (folded: readonly string[]) => buildQueueRows(sessions, items, new Set(folded)).map(({ key }) => key);

  it("has a head for every session and a line for every photo", () => {
    expect(keysOf([])).toEqual(["new", "old", "old /a", "old /b"]);
  });

  it("keeps the head of a folded session", () => {
    expect(keysOf(["old"])).toEqual(["new", "old"]);
  });
});
