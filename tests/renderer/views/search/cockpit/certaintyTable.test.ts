// @vitest-environment happy-dom
import { enableAutoUnmount } from "@vue/test-utils";
import { afterEach, describe, expect, it } from "vitest";

import { readTable } from "#renderer/components/tables/readTable.ts";
import { texts } from "#renderer/texts/texts.ts";
import CertaintyTable from "#renderer/views/search/cockpit/CertaintyTable.vue";
import { showInWindow } from "#tests/renderer/window.ts";

enableAutoUnmount(afterEach);

const certainties = [
  { from: "s0", to: "node_0", winner: "conv_3x3", isUndecided: false, margin: 0.012_345_6, entropy: 0.9 },
  { from: "s1", to: "node_0", winner: "skip_connect", isUndecided: true, margin: 0.012_340_1, entropy: 0.9994 },
];

async function show() {
  const page = await showInWindow(CertaintyTable, { certainties, decidedSince: [4, null] });
  return {
    ...page,
    rows: page.shown.findAll("tbody tr").map((row) => row.findAll("th, td").map((each) => each.text())),
  };
}

describe("the table of how decided each edge is", () => {
  it("has margins with as many digits as tell them apart, and since when each edge is decided", async () => {
    const { rows } = await show();
    expect(rows.map(([, , since, margin]) => [since, margin])).toEqual([
      [texts.cockpit.sinceEpoch(4), "0.01235"],
      [texts.cockpit.undecided, "0.01234"],
    ]);
  });

  it("is saved with its figures in full precision", async () => {
    const { shown, button } = await show();
    expect(button("Columns and files: How decided each edge is").exists()).toBe(true);
    const { header, rows } = readTable(shown.find("table").element);
    expect(header).toHaveLength(5);
    expect(rows[1]?.slice(3).map(({ value }) => value)).toEqual([0.012_340_1, 0.9994]);
  });
});
