import { describe, expect, it } from "vitest";

import { addEvents, createRunHistory, findBest } from "#shared/runs/history/runHistory.ts";
import type { RunEvent } from "#shared/runs/runEvent.ts";

import { logEvent, stateEvent, stepEvent } from "#tests/helpers/runEvents.ts";

const time = "2026-01-02T03:04:05.000Z";
const ALL = { steps: Infinity, logLines: Infinity };
const historyOf = (...events: readonly RunEvent[]) => addEvents(createRunHistory(), events, ALL);

function validation(step: number, psnrDb: number, isBest: boolean): RunEvent {
  const scores = { psnrDb, ssim: 0.5, score: 0.5 + psnrDb / 100 };
  return { time, type: "validation", step, epoch: step / 10, validation: scores, isBest };
}

function sample(step: number): RunEvent {
  return { time, type: "sample", step, epoch: step / 10, noisy: "images/noisy.png", denoised: `images/${step}.png` };
}

describe("the history of a run", () => {
  it("is the same whether its events come one by one or all at once", () => {
    const events = [stateEvent("running"), stepEvent(1), validation(1, 20, true), sample(1), logEvent("on we go")];
    let grown = createRunHistory();
    for (const event of events) grown = addEvents(grown, [event], ALL);
    expect(grown).toEqual(historyOf(...events));
  });

  it("tells how far the run is, and goes back with a restart", () => {
    expect(createRunHistory().progress).toEqual({ step: 0, totalSteps: null, secondsPerStep: null });
    const lived = historyOf(stepEvent(1), stepEvent(2));
    expect(lived.progress).toEqual({ step: 2, totalSteps: 1000, secondsPerStep: 0.5 });
    const resumed = addEvents(lived, [{ time, type: "resumed", step: 1 }], ALL);
    expect(resumed.progress).toEqual({ step: 1, totalSteps: 1000, secondsPerStep: 0.5 });
  });

  it("knows the best validation, which a restart from before it makes void", () => {
    const lived = historyOf(validation(10, 20, true), validation(20, 25, true), validation(30, 23, false));
    expect(findBest(lived)).toEqual({ step: 20, psnrDb: 25, ssim: 0.5 });
    expect(findBest(addEvents(lived, [{ time, type: "resumed", step: 19 }], ALL))?.step).toBe(10);
    expect(findBest(createRunHistory())).toBeNull();
  });

  it("keeps states and log lines through a restart", () => {
    const history = historyOf(logEvent("before"), stateEvent("running"), { time, type: "resumed", step: 0 });
    expect(history.log.map(({ message }) => message)).toEqual(["before"]);
    expect(history.state?.state).toBe("running");
  });

  it("keeps what was measured of a search after its epochs, without what a restart makes void", () => {
    const measure = (epoch: number): RunEvent => ({
      ...{ time, type: "measure", step: 10 * epoch, epoch },
      ...{ skips: [0], stableEpochs: epoch, eigenvalue: null, gap: null },
    });
    const lived = historyOf(measure(1), measure(2));
    expect(lived.measures.map(({ epoch }) => epoch)).toEqual([1, 2]);
    const resumed = addEvents(lived, [{ time, type: "resumed", step: 19 }], ALL);
    expect(resumed.measures.map(({ epoch }) => epoch)).toEqual([1]);
  });

  it("counts a sample that is told again once", () => {
    expect(historyOf(sample(10), sample(20), sample(20)).samples.map(({ step }) => step)).toEqual([10, 20]);
  });

  it("stays within its limits, with the newest step and the newest lines", () => {
    const events = Array.from({ length: 100 }, (_, index) => [stepEvent(index + 1), logEvent(String(index + 1))]);
    const { steps, log, progress } = addEvents(createRunHistory(), events.flat(), { steps: 1, logLines: 2 });
    expect(steps.step).toEqual([100]);
    expect(log.map(({ message }) => message)).toEqual(["99", "100"]);
    expect(progress.step).toBe(100);
  });
});
