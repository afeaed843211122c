// @vitest-environment happy-dom
import { enableAutoUnmount, flushPromises } from "@vue/test-utils";
import { afterEach, beforeAll, describe, expect, it, vi } from "vitest";

import ChartPanel from "#renderer/components/curves/ChartPanel.vue";
import type { Curve } from "#renderer/components/curves/curve.ts";
import { texts } from "#renderer/texts/texts.ts";
import { findOpened, press, showInWindow } from "#tests/renderer/window.ts";

enableAutoUnmount(afterEach);
// A document without a screen paints nothing.
beforeAll(() => void vi.stubGlobal("requestAnimationFrame", () => 0));

const { log: LOG, asTable: AS_TABLE, savePng: SAVE_PNG } = texts.charts;
const curve: Curve = { id: "loss", label: "Loss", colour: "red", x: [1, 2, 3], y: [0.5, 0.25, null] };

const showPanel = (more: object = {}) =>
  showInWindow(ChartPanel, { title: "Loss", curves: [curve], xLabel: "Step", ...more });

async function openMenu(panel: Awaited<ReturnType<typeof showPanel>>): Promise<Map<string, boolean>> {
  press(panel.button("More actions").element, "Enter");
  const items = await findOpened("[role=menuitem]");
  return new Map(items.map((item) => [item.textContent.trim(), item.getAttribute("aria-disabled") !== "true"]));
}

describe("the panel of a chart", () => {
  it("says in its legend and to screen readers what was measured last", async () => {
    const { shown } = await showPanel();
    expect(shown.find(".legend li").text()).toMatch(/Loss\s*0\.25/);
    expect(shown.find("canvas").attributes("aria-label")).toContain("Loss 0.25");
  });

  it("draws in its legend a line, dots, or both, as its curves are drawn", async () => {
    const curves = [curve, { ...curve, id: "b", hasDots: true }, { ...curve, id: "c", isScattered: true }];
    const { shown } = await showPanel({ curves });
    const signs = shown.findAll(".legend svg").map((svg) => [svg.findAll("line").length, svg.findAll("circle").length]);
    expect(signs).toEqual([
      [1, 0],
      [1, 1],
      [0, 1],
    ]);
  });

  it("offers a log axis where that makes sense", async () => {
    const { button } = await showPanel();
    expect(button(LOG).attributes("aria-pressed")).toBe("false");
    await button(LOG).trigger("click");
    expect(button(LOG).attributes("aria-pressed")).toBe("true");
    const linear = await showPanel({ isLinear: true });
    expect(linear.shown.findAll("button").some((each) => each.text() === LOG)).toBe(false);
  });

  it("shows its numbers as a table, newest first, all that were ever measured", async () => {
    const whole: Curve = { ...curve, x: [1, 2], y: [0.5, 0.25] };
    const { shown, button } = await showPanel({
      curves: [{ ...curve, x: [2], y: [0.25] }],
      readWhole: async () => [whole],
    });
    await button(AS_TABLE).trigger("click");
    await flushPromises();
    expect(shown.find("canvas").exists()).toBe(false);
    const rows = shown.findAll("tbody tr").map((row) => row.findAll("th, td").map((cell) => cell.text()));
    expect(rows).toEqual([
      ["2", "0.25"],
      ["1", "0.5"],
    ]);
  });

  it("offers no picture of a table, and no zoom where nothing follows another", async () => {
    const chart = await showPanel();
    const ofChart = await openMenu(chart);
    expect(ofChart.get(SAVE_PNG)).toBe(true);
    chart.close();
    const scattered = await showPanel({ curves: [{ ...curve, isScattered: true }] });
    expect((await openMenu(scattered)).size).toBe(ofChart.size - 3);
    scattered.close();
    const table = await showPanel();
    await table.button(AS_TABLE).trigger("click");
    expect((await openMenu(table)).get(SAVE_PNG)).toBe(false);
  });
});
