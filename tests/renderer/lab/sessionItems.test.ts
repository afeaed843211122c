import { describe, expect, it } from "vitest";

import type { DenoiseItem } from "#shared/api/denoising.ts";
import { updateItems } from "#renderer/lab/useSessionItems.ts";

const PAGE = 3;

/** A lab whose first `done` of `total` items are done, with the offsets that it was asked for. */
function makeLab(total: number, done: number) {
  const asked: number[] = [];
  const all = Array.from({ length: total }, (_, index) => makeItem(index, index < done ? "done" : "waiting"));
  const readPage = async (offset: number) => {
    asked.push(offset);
    return { total, items: all.slice(offset, offset + PAGE) };
  };
  return { all, asked, readPage };
}

function makeItem(index: number, state: DenoiseItem["state"]): DenoiseItem {
  return { index, state } as DenoiseItem;
}

describe("updateItems", () => {
  it("reads all pages at first", async () => {
    const { all, asked, readPage } = makeLab(8, 1);
    expect(await updateItems([], readPage)).toEqual(all);
    expect(asked).toEqual([0, 3, 6]);
  });

  it("reads from the first item that was not settled and stops where the others wait", async () => {
    const { all, asked, readPage } = makeLab(10, 5);
    const known = Array.from({ length: 10 }, (_, index) => makeItem(index, index < 4 ? "done" : "waiting"));
    expect(await updateItems(known, readPage)).toEqual(all);
    expect(asked).toEqual([4]);
  });

  it("reads on where a whole page was done meanwhile", async () => {
    const { all, asked, readPage } = makeLab(10, 8);
    const known = Array.from({ length: 10 }, (_, index) => makeItem(index, index < 1 ? "done" : "waiting"));
    expect(await updateItems(known, readPage)).toEqual(all);
    expect(asked).toEqual([1, 4, 7]);
  });

  it("asks for few items as a session goes on, and for many at first", async () => {
    const limits: number[] = [];
    const { all, readPage } = makeLab(10, 5);
    const counted = (offset: number, limit: number) => {
      limits.push(limit);
      return readPage(offset);
    };
    await updateItems([], counted);
    const first = limits.splice(0);
    expect(Math.min(...first)).toBe(500);
    await updateItems(all, counted);
    expect(Math.max(...limits)).toBeLessThanOrEqual(25);
  });

  it("asks once where everything is settled", async () => {
    const { all, asked, readPage } = makeLab(4, 4);
    expect(await updateItems(all, readPage)).toEqual(all);
    expect(asked).toEqual([4]);
  });
});
