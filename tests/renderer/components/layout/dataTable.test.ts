// @vitest-environment happy-dom
import { mount } from "@vue/test-utils";
import { createPinia } from "pinia";
import { beforeEach, describe, expect, it, vi } from "vitest";

import DataTable from "#renderer/components/layout/DataTable.vue";
import type { TableContent } from "#renderer/files/tableText.ts";
import TableMenu from "#renderer/components/tables/TableMenu.vue";
import { findOpened, press } from "#tests/renderer/window.ts";

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
    global: { plugins: [createPinia()] },
    attachTo: document.body,
    slots: {
      name: `<template #name="{ row }">{{ row.id }}</template>`,
      psnr: `<template #psnr="{ row }">{{ row.psnrDb }}</template>`,
    },
  });
  const names = () => table.findAll("tbody tr").map((row) => row.find("td").text());
  const sortBy = (name: string) =>
    table
      .findAll(".sort")
      .find((each) => each.text() === name)!
      .trigger("click");
  return { table, names, sortBy };
}

beforeEach(() => localStorage.clear());

const filterable = { isLong: true, toText: ({ id, state }: Run) => `${id} ${state}` };

describe("a table", () => {
  it("has a heading for each column and a cell for each row, figures marked as such", () => {
    const { table } = mountTable({}, makeRuns(2));
    expect(table.findAll("th").map((each) => each.text())).toEqual(["Name", "PSNR"]);
    expect(table.findAll("tbody td").map((each) => each.text())).toEqual(["run 0", "0", "run 1", "7"]);
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
    expect(() =>
      mountTable({ columns: [{ key: "name", label: "Name", toRank: null }], order: "name" }, makeRuns(2)),
    ).toThrow("the column name must have a rank");
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

describe("a table's own tools", () => {
  it("order rows by a heading, figures from the largest on, then the other way round, then as they came", async () => {
    const rows = makeRuns(3).map((run, index) => (index === 1 ? { ...run, psnrDb: NaN } : run));
    const withGap = [
      columns[0]!,
      { ...columns[1]!, toRank: (run: Run) => (Number.isNaN(run.psnrDb) ? null : run.psnrDb) },
    ];
    const { table, names, sortBy } = mountTable({ columns: withGap }, rows);
    const state = () => table.findAll("th").map((each) => each.attributes("aria-sort"));
    await sortBy("PSNR");
    expect([names(), state()]).toEqual([
      ["run 2", "run 0", "run 1"],
      [undefined, "descending"],
    ]);
    await sortBy("PSNR");
    // What was not measured stays last.
    expect([names(), state()]).toEqual([
      ["run 0", "run 2", "run 1"],
      [undefined, "ascending"],
    ]);
    await sortBy("PSNR");
    expect([names(), state()]).toEqual([
      ["run 0", "run 1", "run 2"],
      [undefined, undefined],
    ]);
    await sortBy("Name");
    expect(state()).toEqual(["ascending", undefined]);
  });

  const four = [...columns, { key: "a", label: "A", toRank: null }, { key: "b", label: "B", toRank: null }];

  it("leave out columns, and remember which for tables of the same columns", async () => {
    const first = mountTable({ columns: four }, makeRuns(1)).table;
    press(first.find("[data-aside] button").element, "Enter");
    const choices = await findOpened("[role=menuitemcheckbox]");
    expect(choices.map((each) => each.textContent.trim())).toEqual(["PSNR", "A", "B"]);
    choices[1]!.click();
    const headings = (table: typeof first) => table.findAll("th").map((each) => each.text());
    await vi.waitFor(() => expect(headings(first)).toEqual(["Name", "PSNR", "B"]));
    expect(headings(mountTable({ columns: four }, makeRuns(1)).table)).toEqual(["Name", "PSNR", "B"]);
    expect(headings(mountTable({}, makeRuns(1)).table)).toEqual(["Name", "PSNR"]);
  });

  it("read every row for a file, not only those of the page, with figures as numbers", async () => {
    const { table, names } = mountTable(filterable, makeRuns(230));
    const { read } = table.findComponent(TableMenu).props() as { read: () => Promise<TableContent | null> };
    const content = await read();
    expect(content?.header).toEqual(["Name", "PSNR"]);
    expect(content?.rows).toHaveLength(230);
    expect(content?.rows[229]).toEqual([{ text: "run 229", value: "run 229" }, { text: "3", value: 3 }]); // prettier-ignore
    await vi.waitFor(() => expect(names()).toHaveLength(100));
  });
});

describe("a long table", () => {
  it("shows a hundred rows, and a hundred more at each wish", async () => {
    const { table, names } = mountTable(filterable, makeRuns(230));
    const more = () => table.find("button.more");
    expect([names().length, more().text()]).toEqual([100, "Show 100 more"]);
    await more().trigger("click");
    expect([names().length, more().text()]).toEqual([200, "Show 30 more"]);
    await more().trigger("click");
    expect([names().length, more().exists()]).toEqual([230, false]);
  });

  it("is filtered by all words, in whatever letters, from the first page on", async () => {
    const { table, names } = mountTable(filterable, makeRuns(230));
    await table.find("button.more").trigger("click");
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
