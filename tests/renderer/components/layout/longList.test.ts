import { describe, expect, it } from "vitest";
import { nextTick, shallowRef } from "vue";

import { useLongList } from "#renderer/components/layout/useLongList.ts";

function makeRows(count: number): readonly string[] {
  return Array.from({ length: count }, (_, index) => `run ${index} ${index % 2 === 0 ? "Finished" : "failed"}`);
}

describe("a long list", () => {
  it("shows a hundred rows, and a hundred more at each wish", () => {
    const list = useLongList(() => makeRows(230), String);
    expect([list.shown.value.length, list.more.value]).toEqual([100, 100]);
    list.showMore();
    expect([list.shown.value.length, list.more.value]).toEqual([200, 30]);
    list.showMore();
    expect([list.shown.value.length, list.more.value]).toEqual([230, 0]);
  });

  it("is filtered by all words, in whatever letters, from the first page on", async () => {
    const list = useLongList(() => makeRows(230), String);
    list.showMore();
    list.wanted.value = " FINISHED run";
    await nextTick();
    expect(list.matching.value).toHaveLength(115);
    expect([list.shown.value.length, list.more.value]).toEqual([100, 15]);
    list.wanted.value = "finished failed";
    expect(list.matching.value).toEqual([]);
  });

  it("offers the filter where there is something to look for, and as long as it is used", () => {
    const rows = shallowRef(makeRows(5));
    const list = useLongList(() => rows.value, String);
    expect(list.hasFilter.value).toBe(false);
    rows.value = makeRows(40);
    expect(list.hasFilter.value).toBe(true);
    list.wanted.value = "run";
    rows.value = makeRows(3);
    expect(list.hasFilter.value).toBe(true);
  });
});
