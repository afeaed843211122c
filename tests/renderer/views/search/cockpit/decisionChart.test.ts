// @vitest-environment happy-dom
import { enableAutoUnmount } from "@vue/test-utils";
import { afterEach, beforeAll, describe, expect, it, vi } from "vitest";

import type { ArchView } from "#shared/space/cells/archView.ts";
import LineChart from "#renderer/components/curves/LineChart.vue";
import { buildLineChartOptions } from "#renderer/components/curves/lineChartOptions.ts";
import { X_AXES } from "#renderer/run/xAxis.ts";
import { texts } from "#renderer/texts/texts.ts";
import DecisionChart from "#renderer/views/search/cockpit/DecisionChart.vue";
import { showInWindow } from "#tests/renderer/window.ts";

enableAutoUnmount(afterEach);
// A document without a screen paints nothing.
beforeAll(() => void vi.stubGlobal("requestAnimationFrame", () => 0));

const view = (entropy: number) =>
  ({ certainties: [[{ entropy, margin: 1 - entropy }]], skips: { skips: 0, edges: 4 } }) as unknown as ArchView;
/** A search that has decided nothing. */
const VIEWS = [view(0.9991), view(0.9999), view(0.9994)];

const show = (chart: "entropy" | "margin", marker: number | null) =>
  showInWindow(DecisionChart, { chart, views: VIEWS, layer: 0, axis: X_AXES.epoch, x: [1, 2, 3], marker, xEnd: 3 });

describe("the chart of how sure a search became", () => {
  it.each(["entropy", "margin"] as const)(
    "has all that %s can be, whatever was measured, unless told to fit",
    async (chart) => {
      const { shown, button } = await show(chart, null);
      const line = shown.findComponent(LineChart);
      expect(line.props("yRange")).toEqual([0, 1]);
      const options = buildLineChartOptions({ ...LOOK, yRange: line.props("yRange") ?? null });
      expect(options.scales?.["y"]).toMatchObject({ min: 0, max: 1 });
      await button(texts.charts.fit).trigger("click");
      expect(line.props("yRange")).toBeNull();
    },
  );

  it("tells in its legend the value at the epoch that is shown", async () => {
    const { shown, change } = await show("entropy", 1);
    const legend = () => shown.find(".legend li").text();
    expect(legend()).toContain("0.9991");
    await change({ marker: 2 });
    expect(legend()).toContain("0.9999");
    await change({ marker: null });
    expect(legend()).toContain("0.9994");
  });
});

const LOOK = {
  ...{ xLabel: "", yLabel: "", xEnd: 3, isLog: false, isScatter: false, formatX: String, formatY: String },
  ...{ textColour: "#000", gridColour: "#000", surfaceColour: "#000", bodyColour: "#000", borderColour: "#000" },
  font: "sans-serif",
};
