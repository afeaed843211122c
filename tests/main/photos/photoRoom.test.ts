import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { keepRoom, setPhotoBudget, takeRoom } from "#main/photos/photoRoom.ts";
import { DEFAULT_PHOTO_BUDGET_MB } from "#shared/image/memoryBudget.ts";

beforeEach(() => setPhotoBudget(10));
afterEach(() => setPhotoBudget(DEFAULT_PHOTO_BUDGET_MB));

/** Takes room and keeps it until it is told to end. */
function begin(bytes: number, began: string[], name: string) {
  const { promise: ended, resolve } = Promise.withResolvers<null>();
  const done = keepRoom(async () => {
    await takeRoom(bytes);
    began.push(name);
    await ended;
  });
  return { done, end: () => resolve(null) };
}

const settle = () => new Promise((resolve) => setImmediate(resolve));

describe("the room for photos", () => {
  it("lets photos in as long as there is room, then in the order of asking", async () => {
    const began: string[] = [];
    const works = (
      [
        ["a", 6],
        ["b", 3],
        ["c", 5],
        ["d", 1],
      ] as const
    ).map(([name, mb]) => begin(mb * 1e6, began, name));
    await settle();
    expect(began).toEqual(["a", "b"]); // d would fit, and would let c wait for ever
    works[0]?.end();
    await settle();
    expect(began).toEqual(["a", "b", "c", "d"]);
    for (const { end } of works) end();
    await Promise.all(works.map(({ done }) => done));
  });

  it("lets one that is larger than all room in alone", async () => {
    const began: string[] = [];
    const [small, huge] = [begin(1e6, began, "small"), begin(50e6, began, "huge")];
    await settle();
    expect(began).toEqual(["small"]);
    small.end();
    await settle();
    expect(began).toEqual(["small", "huge"]);
    huge.end();
    await huge.done;
  });

  it("does not let work wait that has room already, or two of a kind would wait for each other", async () => {
    const work = () =>
      keepRoom(async () => {
        await takeRoom(6e6);
        await keepRoom(() => takeRoom(6e6));
      });
    await Promise.all([work(), work(), work()]);
  });

  it("is free again after work that failed", async () => {
    const fail = () =>
      keepRoom(async () => {
        await takeRoom(8e6);
        throw new Error("on purpose");
      });
    for (let i = 0; i < 3; i++) await expect(fail()).rejects.toThrow("on purpose");
  });
});
