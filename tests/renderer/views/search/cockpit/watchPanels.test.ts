// @vitest-environment happy-dom
import { enableAutoUnmount } from "@vue/test-utils";
import { afterEach, beforeAll, describe, expect, it, vi } from "vitest";

import { searchConfigSchema } from "#shared/runs/config.ts";
import { addEvents, createRunHistory } from "#shared/runs/history/runHistory.ts";
import type { EventOf, RunEvent } from "#shared/runs/runEvent.ts";
import { X_AXES } from "#renderer/run/xAxis.ts";
import { texts } from "#renderer/texts/texts.ts";
import WatchPanels from "#renderer/views/search/cockpit/WatchPanels.vue";
import { showInWindow } from "#tests/renderer/window.ts";

enableAutoUnmount(afterEach);
// A document without a screen paints nothing.
beforeAll(() => void vi.stubGlobal("requestAnimationFrame", () => 0));

const words = texts.cockpit;

const time = "2026-01-02T03:04:05.000Z";

function step(number: number, expectedCost?: number): RunEvent {
  const speed = { loss: 0.5, learningRate: 0.1, secondsPerStep: 0.5, residentMb: 100, tensors: 7 };
  const cost = expectedCost === undefined ? {} : { expectedCost };
  return { type: "step", time, step: number, totalSteps: 1000, epoch: number / 10, ...speed, ...cost };
}

function measure(epoch: number, more: Partial<EventOf<"measure">> = {}): RunEvent {
  const nothing = { skips: [1, 3], stableEpochs: epoch, eigenvalue: null, gap: null };
  return { type: "measure", time, step: 10 * epoch, epoch, ...nothing, ...more };
}

/** Shows what a search with these settings watches after these events: each chart's title with the entries of its legend. */
async function showWatched(events: readonly RunEvent[], search: object = {}) {
  const { shown } = await showInWindow(WatchPanels, {
    history: addEvents(createRunHistory(), events, { steps: Infinity, logLines: 0 }),
    search: searchConfigSchema.parse({ search }).search,
    axis: X_AXES.epoch,
    smoothing: 0,
    marker: null,
    xEnd: 10,
    readWhole: async () => [],
  });
  const [, ...titles] = shown.findAll("h2").map((title) => title.text());
  const legends = shown.findAll(".legend").map((legend) => legend.findAll("li").map((entry) => entry.text()));
  return { shown, titles, legends };
}

describe("what a search watches", () => {
  it("is not there where it watches nothing", async () => {
    const { shown } = await showWatched([step(1), step(2)]);
    expect(shown.text()).toBe("");
  });

  it("is the expected cost over the steps beside its target, or where none is set what it began with", async () => {
    const events = [500, 400].map((expectedCost, index) => step(index, expectedCost));
    const { titles, legends } = await showWatched(events, { cost: { kind: "multiplyAdds", target: 350 } });
    expect(titles).toEqual([words.expectedCost]);
    expect(legends[0]).toEqual([expect.stringMatching(/expected.*400/s), expect.stringMatching(/target.*350/s)]);
    const without = await showWatched(events, { cost: { kind: "multiplyAdds" } });
    expect(without.legends[0]?.[1]).toMatch(/target.*500/s);
  });

  it("are the skips of each cell and the epochs without a change, beside what the search stops at", async () => {
    const events = [measure(1), measure(2, { skips: [0, 2] })];
    const skips = await showWatched(events, { stopping: { kind: "skips", limit: 4 } });
    expect(skips.titles).toEqual([words.skipsByCell, words.stableRank]);
    expect(skips.legends[0]).toEqual([/layer 0.*0/s, /layer 1.*2/s, /stops above.*4/s].map((text) => expect.stringMatching(text) as string)); // prettier-ignore
    const stable = await showWatched(events, { stopping: { kind: "stableRank", epochs: 6 } });
    expect(stable.legends[0]).toHaveLength(2);
    expect(stable.legends[1]).toEqual([expect.stringMatching(/in a row.*2/s), expect.stringMatching(/stops at.*6/s)]);
  });

  it("are the eigenvalue and the gap, of the epochs in which they were measured", async () => {
    const events = [measure(1, { gap: 0.25 }), measure(2, { eigenvalue: 0.5 }), measure(3)];
    const { titles, legends } = await showWatched(events, { stopping: { kind: "hessian" } });
    expect(titles.slice(2)).toEqual([words.eigenvalue, words.gap]);
    expect(legends.slice(2)).toEqual([[expect.stringMatching(/0\.5/)], [expect.stringMatching(/0\.25/)]]);
  });
});
