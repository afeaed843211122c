import { describe, expect, it } from "vitest";

import type { RunEvent } from "#shared/runs/runEvent.ts";
import * as shared from "#shared/runs/history/runHistory.ts";
import { initArchLogits } from "#shared/space/cells/archLogits.ts";
import { viewArch } from "#shared/space/cells/archView.ts";
import { searchSpaceSchema } from "#shared/space/spaces/searchSpace.ts";
import { recentSecondsPerStep } from "#renderer/run/recentSpeed.ts";
import { addEvents, type ArchMilestone, createRunHistory } from "#renderer/run/runHistory.ts";
import { findSample, type SampleMilestone } from "#renderer/run/sampleHistory.ts";
import { toAxisEnd, X_AXES } from "#renderer/run/xAxis.ts";
import { createArchViewer } from "#renderer/views/search/cockpit/archView.ts";

const START = Date.UTC(2026, 10, 24, 12);
const timeAt = (second: number) => new Date(START + second * 1000).toISOString();
const empty = () => createRunHistory({ history: shared.createRunHistory(), images: [] });

function step(number: number, more: Partial<Extract<RunEvent, { type: "step" }>> = {}): RunEvent {
  return {
    type: "step",
    time: timeAt(number),
    step: number,
    totalSteps: 100,
    epoch: number / 10,
    loss: 1 / number,
    learningRate: 0.01,
    secondsPerStep: 2,
    residentMb: 500,
    tensors: 10,
    ...more,
  };
}

const space = searchSpaceSchema.parse({ layers: 2, nodes: 1, widthFactors: [1, 2] });

function arch(epoch: number, change: (alpha: number[][][]) => void = () => undefined): ArchMilestone {
  const logits = structuredClone(initArchLogits(space)) as { alpha: number[][][] } & ReturnType<typeof initArchLogits>;
  change(logits.alpha);
  return { type: "arch", time: timeAt(epoch * 10), step: epoch * 10, epoch, arch: logits };
}

function sample(epoch: number): SampleMilestone {
  const denoised = `images/sample-${epoch}.png`;
  return { type: "sample", time: timeAt(epoch), step: epoch * 10, epoch, noisy: "images/sample-noisy.png", denoised };
}

describe("the history of a run", () => {
  it("grows by what happens, each thing in its own list", () => {
    const history = addEvents(empty(), [
      step(1),
      step(2, { archLoss: 0.7 }),
      arch(1),
      { type: "log", time: timeAt(3), level: "info", message: "half way" },
      {
        type: "validation",
        time: timeAt(3),
        step: 2,
        epoch: 1,
        validation: { psnrDb: 25, ssim: 0.8, score: 1.05 },
        isBest: true,
      },
    ]);
    expect(history.steps.step).toEqual([1, 2]);
    expect(history.steps.archLoss).toEqual([null, 0.7]);
    expect(history.archs.map(({ epoch }) => epoch)).toEqual([1]);
    expect(history.log.map(({ message }) => message)).toEqual(["half way"]);
    expect(history.validations.map(({ validation }) => validation.psnrDb)).toEqual([25]);
  });

  it("is another object after every change, so that what shows it looks again", () => {
    const before = empty();
    expect(addEvents(before, [step(1)])).not.toBe(before);
  });

  it("makes a new list only of what has grown, so that no chart of something else looks again", () => {
    const before = addEvents(empty(), [step(1), arch(1)]);
    const after = addEvents(before, [step(2), { type: "log", time: timeAt(3), level: "info", message: "on we go" }]);
    expect(after.archs).toBe(before.archs);
    expect(after.validations).toBe(before.validations);
    expect(after.log).not.toBe(before.log);
    expect(before.log).toHaveLength(0);
  });

  it("forgets what lies after the checkpoint from which a run is resumed", () => {
    const lived = addEvents(empty(), [
      ...Array.from({ length: 30 }, (_, index) => step(index + 1)),
      arch(1),
      arch(2),
      arch(3),
    ]);
    const history = addEvents(lived, [{ type: "resumed", time: timeAt(99), step: 20 }, step(21, { loss: 5 })]);
    expect(history.steps.step.at(-2)).toBe(20);
    expect(history.steps.loss.at(-1)).toBe(5);
    expect(history.steps.step).toHaveLength(21);
    expect(history.archs.map(({ epoch }) => epoch)).toEqual([1, 2]);
  });

  it("keeps its samples, without those after the checkpoint from which a run is resumed", () => {
    const lived = addEvents(empty(), [sample(1), sample(2), sample(3)]);
    expect(lived.samples.map(({ step: at }) => at)).toEqual([10, 20, 30]);
    const resumed = addEvents(lived, [{ type: "resumed", time: timeAt(99), step: 20 }]);
    expect(resumed.samples.map(({ epoch }) => epoch)).toEqual([1, 2]);
    expect(addEvents(resumed, [step(21)]).samples).toBe(resumed.samples);
    expect(addEvents(resumed, [sample(2), sample(3)]).samples.map(({ epoch }) => epoch)).toEqual([1, 2, 3]);
  });

  it("knows only the samples whose pictures are still there, and the newest", () => {
    const history = { ...shared.createRunHistory(), samples: [sample(1), sample(2), sample(3)] };
    const { samples } = createRunHistory({ history, images: ["sample-noisy.png", "sample-1.png"] });
    expect(samples.map(({ epoch }) => epoch)).toEqual([1, 3]);
  });

  it("drops the samples that the run drops, so that sixty are left of many", () => {
    let history = empty();
    for (let epoch = 1; epoch <= 200; epoch++) history = addEvents(history, [sample(epoch)]);
    const epochs = history.samples.map(({ epoch }) => epoch);
    expect(epochs).toHaveLength(60);
    expect([epochs[0], epochs.at(-1)]).toEqual([1, 200]);
  });

  it("stays bounded in a long run and keeps the newest step", () => {
    let history = empty();
    for (let block = 0; block < 50; block++) {
      history = addEvents(
        history,
        Array.from({ length: 1000 }, (_, index) => step(block * 1000 + index + 1)),
      );
    }
    const { step: steps, loss } = history.steps;
    expect(steps.length).toBeLessThanOrEqual(20_000);
    expect(steps.at(-1)).toBe(50_000);
    expect(loss).toHaveLength(steps.length);
    expect(steps.every((value, index) => index === 0 || value > steps[index - 1]!)).toBe(true);
  });

  it("begins its time with the first thing that happens", () => {
    const history = addEvents(empty(), [step(5), step(8)]);
    expect(X_AXES.time.ofSteps(history)).toEqual([0, 3]);
    expect(X_AXES.epoch.ofSteps(history)).toEqual([0.5, 0.8]);
  });

  it("moves the end of its axes in steps of two digits, and never short of what has happened", () => {
    expect([0, 0.5, 7.01, 10, 1234, 10_000].map(toAxisEnd)).toEqual([0, 0.5, 7.1, 10, 1300, 10_000]);
  });
});

describe("the sample that is shown", () => {
  const samples = [sample(1), sample(3), sample(6)];

  it("is the newest unless a step is asked for, and none where there is none", () => {
    expect(findSample(samples, null)).toBe(samples[2]);
    expect(findSample([], 10)).toBeNull();
  });

  it("is that of the step, or of the nearest one that has a picture", () => {
    expect(findSample(samples, 30)).toBe(samples[1]);
    expect(findSample(samples, 42)).toBe(samples[1]);
    expect(findSample(samples, 50)).toBe(samples[2]);
    expect(findSample(samples, 0)).toBe(samples[0]);
  });
});

describe("the speed of a run", () => {
  it("is the median of the newest steps, which one slow step does not sway", () => {
    const seconds = [2, 2, 60, 2, 2];
    const history = addEvents(
      empty(),
      seconds.map((secondsPerStep, index) => step(index + 1, { secondsPerStep })),
    );
    expect(recentSecondsPerStep(history)).toBe(2);
  });

  it("is not known before the first step", () => {
    expect(recentSecondsPerStep(empty())).toBeNull();
  });
});

describe("the view of an epoch", () => {
  it("starts with equal op weights and turns logits into weights by softmax", () => {
    const view = viewArch(
      arch(0, (alpha) => (alpha[0]![1]![0] = 1 + Math.log(3))),
      space,
    );
    const row = view.opWeights[0]![1]!;
    expect(row[0]).toBeCloseTo(3 / 9, 12);
    for (const weight of row.slice(1)) expect(weight).toBeCloseTo(1 / 9, 12);
    expect(view.opWeights[1]![0]!.every((weight) => Math.abs(weight - 1 / 7) < 1e-12)).toBe(true);
  });

  it("counts the skips of what would be derived", () => {
    const skips = arch(3, (alpha) => {
      for (const rows of alpha) for (const row of rows) row[5] = 4;
    });
    expect(viewArch(skips, space).skips).toEqual({ skips: 4, edges: 4, isCollapsed: true, collapsedLayers: [0, 1] });
  });

  it("is computed once for each epoch: the same list comes back until there is a new epoch", () => {
    const view = createArchViewer(space);
    const archs = [arch(1), arch(2)];
    const first = view(archs);
    expect(view(archs)).toBe(first);
    archs.push(arch(3));
    const second = view(archs);
    expect(second.map(({ epoch }) => epoch)).toEqual([1, 2, 3]);
    expect(second[0]).toBe(first[0]);
  });

  it("is computed anew where a resumed run has replaced an epoch", () => {
    const view = createArchViewer(space);
    const archs = [arch(1), arch(2)];
    view(archs);
    archs[1] = arch(2, (alpha) => (alpha[0]![0]![0] = 9));
    expect(view(archs)[1]!.opWeights[0]![0]![0]).toBeGreaterThan(0.9);
  });
});
