import { join } from "node:path";

import { describe, expect, it } from "vitest";

import { endValidation, runLoop, saveLast } from "#main/compute/job/runLoop.ts";
import type { LongJob } from "#main/compute/job/runLoop.ts";

import { makeContext } from "#tests/main/compute/job/jobs.ts";
import type { TestContext } from "#tests/main/compute/job/jobs.ts";

const LAST = join("folder", "checkpoints", "last.safetensors");
const BEST = join("folder", "checkpoints", "best.safetensors");

/** A job of four steps without a tensor, validated in every second step; `scores` says what comes out. */
function makeJob(context: TestContext, { scores = [1, 2], isFinite = true, bestAfterStep = 0 } = {}) {
  const calls: string[] = [];
  const told = (call: string): Promise<boolean> => {
    calls.push(call);
    return Promise.resolve(isFinite);
  };
  const state = {
    step: 0,
    best: null as LongJob["state"]["best"],
    save: (file: string) => told(`save ${file}`),
    restore: async (file: string) => {
      await told(`restore ${file}`);
      state.step = 2;
    },
    dispose: () => void calls.push("dispose"),
  };
  const job: LongJob = {
    folder: "folder",
    state,
    totalSteps: 4,
    bestAfterStep,
    epochAt: (steps) => steps / 2,
    numbers: "weights",
    takeStep: () => {
      state.step += 1;
      return { loss: state.step, learningRate: 0.5 };
    },
    endStep: async () => {
      if (state.step % 2 !== 0) return null;
      const score = scores[state.step / 2 - 1] ?? 0;
      const notFinite = await endValidation(context, job, { psnrDb: 20, ssim: 0.5, score });
      return notFinite ?? ((await saveLast(context, job)) ? null : job.numbers);
    },
    saveBest: (file) => told(`best ${file}`),
  };
  return { job, calls };
}

describe("runLoop", () => {
  it("takes all steps of any job, keeps the best and the last state, and disposes it", async () => {
    const context = await makeContext();
    const { job, calls } = makeJob(context);
    const best = { step: 4, validation: { psnrDb: 20, ssim: 0.5, score: 2 } };
    expect(await runLoop(context, job, false)).toEqual({ kind: "finished", step: 4, best });
    expect(calls).toEqual([`best ${BEST}`, `save ${LAST}`, `best ${BEST}`, `save ${LAST}`, "dispose"]);
    const validations = context.events.filter(({ type }) => type === "validation");
    expect(validations).toMatchObject([
      { step: 2, epoch: 1, isBest: true },
      { step: 4, epoch: 2, isBest: true },
    ]);
  });

  it("never takes for the best what came before the best is looked for, not even from an old checkpoint", async () => {
    const context = await makeContext();
    const { job } = makeJob(context, { scores: [2, 1], bestAfterStep: 2 });
    expect(await runLoop(context, job, false)).toMatchObject({ kind: "finished", best: { step: 4 } });
    expect(context.events.filter(({ type }) => type === "validation")).toMatchObject([
      { step: 2, isBest: false },
      { step: 4, isBest: true },
    ]);
    const again = makeJob(context, { scores: [2, 1], bestAfterStep: 2 });
    again.job.state.best = { step: 2, validation: { psnrDb: 20, ssim: 0.5, score: 9 } };
    expect(await runLoop(context, again.job, false)).toMatchObject({ kind: "finished", best: { step: 4 } });
  });

  it("tells a validation of the same score as no better", async () => {
    const context = await makeContext();
    const { job, calls } = makeJob(context, { scores: [1, 1] });
    expect(await runLoop(context, job, false)).toMatchObject({ kind: "finished", best: { step: 2 } });
    expect(calls).toEqual([`best ${BEST}`, `save ${LAST}`, `save ${LAST}`, "dispose"]);
  });

  it("goes on from the last checkpoint and tells so first", async () => {
    const context = await makeContext();
    const { job, calls } = makeJob(context);
    await runLoop(context, job, true);
    expect(calls[0]).toBe(`restore ${LAST}`);
    expect(context.events[0]).toEqual({ type: "resumed", step: 2 });
    const last = context.events.findLast(({ type }) => type === "step");
    expect(last).toMatchObject({ step: 4, totalSteps: 4, epoch: 2, loss: 4, learningRate: 0.5 });
  });

  it.each([
    ["validation score", { scores: [NaN] }, ["dispose"]],
    ["weights", { isFinite: false }, [`best ${BEST}`, "dispose"]],
  ])("ends as diverged by its %s, and disposes the state", async (quantity, changes, expected) => {
    const context = await makeContext();
    const { job, calls } = makeJob(context, changes);
    expect(await runLoop(context, job, false)).toEqual({ kind: "diverged", step: 2, quantity });
    expect(calls).toEqual(expected);
  });
});
