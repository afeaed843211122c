// @vitest-environment happy-dom
import { enableAutoUnmount, flushPromises } from "@vue/test-utils";
import { afterEach, beforeAll, describe, expect, it } from "vitest";

import type { DenoiseItem } from "#shared/api/denoising.ts";
import type { Task } from "#shared/api/tasks.ts";
import QueueList from "#renderer/views/denoise/QueueList.vue";
import { giveElementsSize, nameOf, press, showInWindow } from "#tests/renderer/window.ts";

enableAutoUnmount(afterEach);
beforeAll(() => giveElementsSize(300, 800));

const task = {
  id: "t",
  kind: "denoise",
  title: "Two photos",
  state: "finished",
  progress: null,
  secondsLeft: null,
  error: null,
  outcome: null,
  createdAt: "2026-11-20T10:00:00.000Z",
  endedAt: "2026-11-20T10:01:00.000Z",
} as Task;

function makeItem(index: number, name: string, more: Partial<DenoiseItem>): DenoiseItem {
  return { index, source: `/${name}`, name, model: "m", state: "done", output: null, ...more } as DenoiseItem;
}

async function showQueue(current: string | null = null) {
  const items = [
    makeItem(0, "leaf.png", {}),
    makeItem(1, "moon.png", { output: "/out/moon.png" }),
    makeItem(2, "sea.png", { state: "failed", error: "no photo" }),
  ];
  const queue = await showInWindow(
    QueueList,
    { current },
    { listTasks: async () => [task], listDenoiseItems: async () => ({ total: items.length, items }) },
  );
  await flushPromises();
  const photos = () => queue.shown.findAll("button.photo");
  return { ...queue, photos };
}

describe("the queue of photos", () => {
  it("has a line for each photo that says how far it is", async () => {
    const { photos } = await showQueue();
    expect(photos().map((each) => each.findAll(".words > span").map((word) => word.text()))).toEqual([
      ["leaf.png", "done by m"],
      ["moon.png", "written"],
      ["sea.png", "failed"],
    ]);
    expect(photos().map((each) => each.find("img").exists())).toEqual([true, false, false]);
  });

  it("tells which photo is chosen, and marks the one that is shown", async () => {
    const { photos, shown } = await showQueue("t /moon.png");
    expect(photos().map((each) => each.attributes("aria-pressed"))).toEqual(["false", "true", "false"]);
    await photos()[2]!.trigger("click");
    expect(shown.emitted("choose")).toMatchObject([[{ key: "t /sea.png" }]]);
  });

  it("goes by the arrow keys to the photo before and after, and not beyond the ends", async () => {
    const { shown, change } = await showQueue("t /leaf.png");
    press(shown.element, "ArrowUp");
    expect(shown.emitted("choose")).toBeUndefined();
    press(shown.element, "ArrowDown");
    await change({ current: "t /sea.png" });
    press(shown.element, "ArrowUp");
    press(shown.element, "ArrowDown");
    expect(shown.emitted("choose")).toMatchObject([[{ key: "t /moon.png" }], [{ key: "t /moon.png" }]]);
  });

  it("begins with the first photo where none is shown", async () => {
    const { shown } = await showQueue();
    press(shown.element, "ArrowDown");
    expect(shown.emitted("choose")).toMatchObject([[{ key: "t /leaf.png" }]]);
  });

  it("folds a session to its head and opens it again", async () => {
    const { shown, photos } = await showQueue();
    const head = () => shown.findAll("button").find((each) => each.attributes("aria-expanded") !== undefined)!;
    expect(nameOf(head().element)).toContain("3 photos");
    await head().trigger("click");
    await flushPromises();
    expect([photos().length, head().attributes("aria-expanded")]).toEqual([0, "false"]);
    await head().trigger("click");
    await flushPromises();
    expect(photos()).toHaveLength(3);
  });
});
