// @vitest-environment happy-dom
import { enableAutoUnmount, flushPromises } from "@vue/test-utils";
import { afterEach, describe, expect, it } from "vitest";

import type { DenoiseItem, PreviewedPart } from "#shared/api/denoising.ts";
import type { Task } from "#shared/api/tasks.ts";
import { LabError } from "#shared/labError.ts";
import { useDenoise } from "#renderer/stores/denoise.ts";
import { useRedenoise } from "#renderer/stores/redenoise.ts";
import { useTasks } from "#renderer/stores/tasks.ts";
import { useToasts } from "#renderer/stores/toasts.ts";
import { buildItem } from "#tests/renderer/views/denoise/denoiseFixtures.ts";
import { showInWindow } from "#tests/renderer/window.ts";

enableAutoUnmount(afterEach);

const task = {
  id: "t",
  kind: "denoise",
  state: "finished",
  progress: null,
  createdAt: "",
  endedAt: "",
} as unknown as Task;
const AREA = { area: { x: 10, y: 20, width: 30, height: 40 }, shrink: 1 };
const MIDDLE = { area: { x: 20, y: 30, width: 10, height: 20 }, shrink: 1 };
const wish = (sigma255: number) => ({ task: "t", item: 0, model: "aaaa1111", sigma255 });

/** A lab that answers when it is told to. */
async function open() {
  const asked: string[] = [];
  const answers: { resolve: (value: unknown) => void; reject: (error: Error) => void }[] = [];
  const later = <T>(what: string) => {
    asked.push(what);
    return new Promise<T>((resolve, reject) => answers.push({ resolve: resolve as (value: unknown) => void, reject }));
  };
  await showInWindow(
    { render: () => null, setup: () => (useDenoise(), {}) },
    {},
    {
      listTasks: async () => [task],
      listDenoiseItems: async () => ({ total: 1, items: [buildItem()] }),
      previewDenoised: ({ sigma255, isQuick }) =>
        later<PreviewedPart | null>(`${isQuick === true ? "quick" : "part"} ${sigma255}`),
      redenoise: ({ sigma255 }) => later<DenoiseItem | null>(`whole ${sigma255}`),
    },
  );
  await useTasks().load();
  await flushPromises();
  const answer = async (index: number, value: unknown) => {
    if (value instanceof Error) answers[index]?.reject(value);
    else answers[index]?.resolve(value);
    await flushPromises();
  };
  return { asked, answer, redenoise: useRedenoise(), shown: () => useDenoise().items.get("t")?.[0] };
}

describe("denoising a photo anew", () => {
  it("asks for a part that is there at once, then for the rest on show, then for all, and keeps the last result until then", async () => {
    const { asked, answer, redenoise, shown } = await open();
    void redenoise.start(wish(30), AREA);
    expect(asked).toEqual(["quick 30"]);
    expect(redenoise.find("t", 0)).toMatchObject({ stage: "part", part: null });
    await answer(0, { ...MIDDLE, revision: 3 });
    expect(asked).toEqual(["quick 30", "part 30"]);
    expect(redenoise.find("t", 0)).toMatchObject({ stage: "part", part: { ...MIDDLE, revision: 3 } });
    await answer(1, { ...AREA, revision: 4 });
    expect(asked).toEqual(["quick 30", "part 30", "whole 30"]);
    expect(redenoise.find("t", 0)).toMatchObject({ stage: "whole", part: { ...AREA, revision: 4 } });
    expect(shown()).toMatchObject({ sigma255: null });
    await answer(2, buildItem({ sigma255: 30, revision: 5 }));
    expect(redenoise.find("t", 0)).toBeNull();
    expect(shown()).toMatchObject({ sigma255: 30, revision: 5 });
  });

  it("asks once more for what is seen small where it was shrunk more than it is seen", async () => {
    const { asked, answer, redenoise } = await open();
    const small = { area: AREA.area, shrink: 5 };
    void redenoise.start(wish(30), small);
    await answer(0, { area: AREA.area, shrink: 10, revision: 3 });
    expect(asked).toEqual(["quick 30", "part 30"]);
    await answer(1, { ...small, revision: 4 });
    expect(asked).toEqual(["quick 30", "part 30", "whole 30"]);
  });

  it("goes on with the newest wish alone, whose part takes the place of the last one", async () => {
    const { asked, answer, redenoise, shown } = await open();
    void redenoise.start(wish(30), AREA);
    await answer(0, { ...AREA, revision: 4 });
    void redenoise.start(wish(40), AREA);
    expect(redenoise.find("t", 0)).toMatchObject({ stage: "part", part: { revision: 4 } });
    await answer(1, buildItem({ sigma255: 30, revision: 5 }));
    expect(shown()).toMatchObject({ sigma255: null });
    await answer(2, { ...AREA, revision: 6 });
    expect(asked).toEqual(["quick 30", "whole 30", "quick 40", "whole 40"]);
    expect(redenoise.find("t", 0)).toMatchObject({ part: { revision: 6 } });
  });

  it("shows parts of a photo before its turn, until nobody looks any more, and leaves the whole to the task", async () => {
    const { asked, answer, redenoise } = await open();
    void redenoise.peek(wish(30), AREA);
    await answer(0, { ...AREA, revision: 1 });
    expect(asked).toEqual(["quick 30"]);
    expect(redenoise.find("t", 0)).toMatchObject({ part: { revision: 1 } });
    void redenoise.peek(wish(30), AREA);
    await answer(1, new LabError("bad_data", "no photo"));
    expect(redenoise.find("t", 0)).toBeNull();
    expect(useToasts().shown).toEqual([]);
    void redenoise.peek(wish(30), AREA);
    redenoise.forgetPeek("t", 0);
    await answer(2, { ...AREA, revision: 2 });
    expect(redenoise.find("t", 0)).toBeNull();
  });

  it("goes on at once with all of a small photo, and tells what went wrong", async () => {
    const { asked, answer, redenoise } = await open();
    void redenoise.start(wish(30), null);
    expect(asked).toEqual(["whole 30"]);
    await answer(0, new LabError("memory", "too little memory"));
    expect(redenoise.find("t", 0)).toBeNull();
    expect(useToasts().shown.map(({ text }) => text)).toEqual(["too little memory"]);
  });
});
