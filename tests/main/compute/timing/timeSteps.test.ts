import { memory } from "@tensorflow/tfjs-core";
import { expect, it } from "vitest";

import { startEngine } from "#main/compute/engine/engine.ts";
import type { StepTimes, TimingRequest } from "#main/compute/protocol.ts";
import { timeSteps } from "#main/compute/timing/timeSteps.ts";

import { configOf as searchOf } from "#tests/main/compute/search/tinySearch.ts";
import { configOf as trainingOf, genotype, STAGED } from "#tests/main/compute/train/tinyTraining.ts";

/** What an engine keeps it keeps once. */
async function timeTwice(request: TimingRequest): Promise<StepTimes> {
  const engine = await startEngine();
  timeSteps(engine, request);
  const before = memory().numTensors;
  const times = timeSteps(engine, request);
  expect(memory().numTensors).toBe(before);
  return times;
}

it("times the steps of a search, of its warm-up too, and leaves no tensors", async () => {
  const times = await timeTwice({ kind: "search", config: searchOf() });
  expect(times.secondsPerStep).toBeGreaterThan(0);
  expect(times.warmUpSeconds).toBeGreaterThan(0);
});

it.each([
  ["a training", trainingOf()],
  ["a training in stages", trainingOf(STAGED)],
  ["a training on pairs", { ...trainingOf(), noise: { kind: "paired" } as const }],
])("times the steps of %s, and leaves no tensors", async (_what, config) => {
  const times = await timeTwice({ kind: "train", config, genotype });
  expect(times.secondsPerStep).toBeGreaterThan(0);
  expect(times.warmUpSeconds).toBeNull();
});
