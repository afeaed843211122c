// @vitest-environment happy-dom
import { mount } from "@vue/test-utils";
import { describe, expect, it } from "vitest";

import DataTable from "#renderer/components/layout/DataTable.vue";

interface Run {
  readonly id: string;
  readonly state: string;
  readonly psnrDb: number;
}

function makeRuns(count: number): Run[] {
  return Array.from({ length: count }, (_, index) => ({
    id: `run ${index}`,
    state: index % 2 === 0 ? "Finished" : "failed",
    psnrDb: (index * 7) % 10,
  }));
}

const columns = [
  { key: "name", label: "Name", toRank: ({ id }: Run) => id },
  { key: "psnr", label: "PSNR", isNumber: true, toRank: ({ psnrDb }: Run) => psnrDb },
];

function mountTable(more: object, rows: readonly Run[]) {
  const props = { caption: "Runs", columns, rows, ...more };
  const table = mount(DataTable<Run>, {
    props,
    slots: {
      name: `<template #name="{ row }">{{ row.id }}</template>`,
      psnr: `<template #psnr="{ row }">{{ row.psnrDb }}</template>`,
    },
  });
  const names = () => table.findAll("tbody tr").map((row) => row.find("td").text());
  return { table, names };
}

const filterable = { isLong: true, toText: ({ id, state }: Run) => `${id} ${state}` };

describe("a table", () => {
  it("has a heading for each column and a cell for each row, figures marked as such", () => {
    const { table } = mountTable({}, makeRuns(2));
    expect(table.findAll("th").map((each) => each.text())).toEqual(["Name", "PSNR"]);
    expect(table.findAll("td").map((each) => each.text())).toEqual(["run 0", "0", "run 1", "7"]);
    expect(table.findAll("td.number").map((each) => each.text())).toEqual(["0", "7"]);
  });

  it("leaves rows as they come, and orders them by the rank of a column where it is told to", async () => {
    const { table, names } = mountTable({}, makeRuns(4));
    expect(names()).toEqual(["run 0", "run 1", "run 2", "run 3"]);
    await table.setProps({ order: "psnr" });
    expect(names()).toEqual(["run 0", "run 3", "run 2", "run 1"]);
  });

  it("orders names by the numbers in them", () => {
    const { names } = mountTable({ order: "name" }, makeRuns(12).toReversed());
    expect(names().slice(0, 3)).toEqual(["run 0", "run 1", "run 2"]);
    expect(names().at(-1)).toBe("run 11");
  });

  it("refuses to be ordered by a column that has no rank", () => {
    expect(() => mountTable({ columns: [{ key: "name", label: "Name" }], order: "name" }, makeRuns(2))).toThrow(
      "the column name must have a rank",
    );
  });

  it("tells which row was chosen, and marks the one that is", async () => {
    const rows = makeRuns(3);
    const { table } = mountTable({ isClickable: true, selectedId: "run 2" }, rows);
    await table.findAll("tbody tr")[1]!.trigger("click");
    expect(table.emitted("choose")).toEqual([[rows[1]]]);
    expect(table.find("[aria-current=true] td").text()).toBe("run 2");
  });

  it("takes the focus for scrolling by keys only where no row does", () => {
    expect(mountTable({}, makeRuns(1)).table.find("[role=region]").attributes("tabindex")).toBe("0");
    expect(mountTable({ isClickable: true }, makeRuns(1)).table.find("[role=region]").exists()).toBe(false);
  });

  it("follows its rows as they change", async () => {
    const { table, names } = mountTable({}, makeRuns(1));
    await table.setProps({ rows: makeRuns(2) });
    expect(names()).toEqual(["run 0", "run 1"]);
  });
});

describe("a long table", () => {
  it("shows a hundred rows, and a hundred more at each wish", async () => {
    const { table, names } = mountTable(filterable, makeRuns(230));
    const more = () => table.findAll("button").at(-1)!;
    expect([names().length, more().text()]).toEqual([100, "Show 100 more"]);
    await more().trigger("click");
    expect([names().length, more().text()]).toEqual([200, "Show 30 more"]);
    await more().trigger("click");
    expect([names().length, table.find("button").exists()]).toEqual([230, false]);
  });

  it("is filtered by all words, in whatever letters, from the first page on", async () => {
    const { table, names } = mountTable(filterable, makeRuns(230));
    await table.find("button").trigger("click");
    await table.find("input").setValue(" FINISHED run");
    expect([names().length, table.find("[role=status]").text()]).toEqual([100, "115 of 230"]);
    await table.find("input").setValue("finished failed");
    expect(table.find("table").exists()).toBe(false);
    expect(table.text()).toContain("No row has all of these words.");
  });

  it("offers the filter where there is something to look for, and as long as it is used", async () => {
    const { table } = mountTable(filterable, makeRuns(5));
    expect(table.find("input").exists()).toBe(false);
    await table.setProps({ rows: makeRuns(40) });
    await table.find("input").setValue("run");
    await table.setProps({ rows: makeRuns(3) });
    expect(table.find("input").exists()).toBe(true);
  });
});
