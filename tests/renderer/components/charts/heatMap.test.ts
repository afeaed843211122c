// @vitest-environment happy-dom
import { enableAutoUnmount } from "@vue/test-utils";
import { afterEach, describe, expect, it } from "vitest";

import HeatMap from "#renderer/components/charts/HeatMap.vue";
import { labelEvery } from "#renderer/components/charts/heatMapColumns.ts";
import { showInWindow } from "#tests/renderer/window.ts";

enableAutoUnmount(afterEach);

const ROW_PX = 25;

const showMap = async () => {
  const { shown, change } = await showInWindow(HeatMap, {
    label: "Weights of layer 0",
    rows: [
      { id: "a", label: "s0 → node 0" },
      { id: "b", label: "s1 → node 0" },
    ],
    columns: [{ id: "c", label: "skip", colour: "#000" }],
    values: [[0.1], [0.9]],
    ranges: [
      [0, 1],
      [0, 1],
    ],
    selectedRow: 0,
    markedColumn: null,
    marks: [],
  });
  return { shown, change, canvas: shown.find("canvas") };
};

describe("a heat map", () => {
  it("names its columns and has a button for each row, that of the chosen one pressed", async () => {
    const { shown, change, canvas } = await showMap();
    expect(shown.find(".columns").text()).toBe("skip");
    expect(canvas.attributes("aria-label")).toBe("Weights of layer 0");
    const pressed = () => shown.findAll("button[aria-pressed=true]").map((each) => each.text());
    expect(pressed()).toEqual(["s0 → node 0"]);
    await change({ selectedRow: 1 });
    expect(pressed()).toEqual(["s1 → node 0"]);
  });

  it("tells which row is chosen, by its button or by a click into the picture", async () => {
    const { shown, canvas } = await showMap();
    await shown.findAll("button")[1]!.trigger("click");
    await canvas.trigger("click", { offsetY: ROW_PX - 1 });
    expect(shown.emitted("selectRow")).toEqual([[1], [0]]);
  });

  it("takes a click beside its rows for none", async () => {
    const { shown, canvas } = await showMap();
    await canvas.trigger("click", { offsetY: 2 * ROW_PX });
    expect(shown.emitted("selectRow")).toBeUndefined();
  });

  it("tells which column is chosen where rows are not, and has no buttons then", async () => {
    const { shown, change, canvas } = await showMap();
    await change({
      selectedRow: null,
      columns: [1, 2].map((id) => ({ id: String(id), label: String(id), colour: null })),
    });
    expect(shown.findAll("button")).toEqual([]);
    expect(shown.find(".rows").text()).toContain("s1 → node 0");
    expect(shown.findAll(".moment").map((each) => each.text())).toEqual(["1", "2"]);
    await canvas.trigger("click", { offsetX: 0, offsetY: 0 });
    expect(shown.emitted("selectRow")).toBeUndefined();
  });
});

describe("names of moments", () => {
  it("are as many as there is room for, at round distances", () => {
    expect(labelEvery(10, 600)).toBe(1);
    expect(labelEvery(50, 600)).toBe(5);
    expect(labelEvery(200, 600)).toBe(20);
    expect(labelEvery(1000, 600)).toBe(100);
  });

  it("are all there as long as no width is known", () => expect(labelEvery(50, 0)).toBe(1));
});
