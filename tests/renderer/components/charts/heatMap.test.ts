// @vitest-environment happy-dom
import { enableAutoUnmount } from "@vue/test-utils";
import { afterEach, describe, expect, it } from "vitest";

import HeatMap from "#renderer/components/charts/HeatMap.vue";
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
    range: [0, 1],
    selectedRow: 0,
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
});
