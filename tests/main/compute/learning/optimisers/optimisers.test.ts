import * as tf from "@tensorflow/tfjs-core";
import type { Tensor1D } from "@tensorflow/tfjs-core";
import { describe, expect, it } from "vitest";

import { startEngine } from "#main/compute/engine/engine.ts";
import { affineSpecs, filterSpec } from "#shared/space/graph/parameters.ts";
import { buildOptimiser, searchRules, trainRules } from "#main/compute/learning/optimisers/buildOptimiser.ts";
import type { Optimiser, ParameterRules } from "#main/compute/learning/optimisers/optimiser.ts";
import type { OptimiserConfig } from "#shared/runs/config.ts";

import { drawNumbers } from "#tests/helpers/drawTensor.ts";
import { relativeError } from "#tests/helpers/referenceFixtures.ts";
import { countLeaks } from "#tests/helpers/tensors.ts";

await startEngine();

const STEPS = 5;
const rateFactor = [1, 2, 0.125, 1];
const decayMask = [1, 0, 1, 0];
const start = [...drawNumbers(4, 1)];
const rates = [0.1, 0.05, 0.2, 0.01, 0.1];
/** Two pairs, neither with channels enough for a matrix. */
const specs = [filterSpec("first", 1, 1, 2), filterSpec("second", 1, 1, 2)];
const gradients = Array.from({ length: STEPS }, (_, step) => [...drawNumbers(4, step + 2)]);

/** The rules here are made by hand, so these say nothing. */
const FACTORS = { outputRateFactor: 1, biasRateFactor: 1 };
const SGD = { kind: "sgd", learningRate: 1, momentum: 0.9, weightDecay: 0.05, ...FACTORS } as const;
const ADAM = { kind: "adam", learningRate: 1, beta1: 0.8, beta2: 0.95, weightDecay: 0.05, ...FACTORS } as const;
const ADAMW = { ...ADAM, kind: "adamw" } as const;

/** What each parameter is after the first steps, number by number as the definitions say. */
const plain: Readonly<Record<Exclude<OptimiserConfig["kind"], "muon">, (steps: number) => number[]>> = {
  sgd: (steps) =>
    start.map((w, i) => {
      let velocity = 0;
      for (let step = 0; step < steps; step += 1) {
        velocity = 0.9 * velocity + gradients[step]![i]! + 0.05 * decayMask[i]! * w;
        w -= rates[step]! * rateFactor[i]! * velocity;
      }
      return w;
    }),
  adam: (steps) =>
    start.map((w, i) => {
      let first = 0;
      let second = 0;
      for (let step = 0; step < steps; step += 1) {
        const slope = gradients[step]![i]! + 0.05 * decayMask[i]! * w;
        first = 0.8 * first + 0.2 * slope;
        second = 0.95 * second + 0.05 * slope ** 2;
        const corrected = first / (1 - 0.8 ** (step + 1));
        w -= (rates[step]! * rateFactor[i]! * corrected) / (Math.sqrt(second / (1 - 0.95 ** (step + 1))) + 1e-8);
      }
      return w;
    }),
  adamw: (steps) =>
    start.map((w, i) => {
      let first = 0;
      let second = 0;
      for (let step = 0; step < steps; step += 1) {
        const rate = rates[step]! * rateFactor[i]!;
        w *= 1 - rate * 0.05 * decayMask[i]!;
        first = 0.8 * first + 0.2 * gradients[step]![i]!;
        second = 0.95 * second + 0.05 * gradients[step]![i]! ** 2;
        const corrected = first / (1 - 0.8 ** (step + 1));
        w -= (rate * corrected) / (Math.sqrt(second / (1 - 0.95 ** (step + 1))) + 1e-8);
      }
      return w;
    }),
};

function makeRules(): ParameterRules {
  return { rateFactor: tf.tensor1d(rateFactor), decayMask: tf.tensor1d(decayMask) };
}

/** Takes the steps `from`..`to` and returns the parameters; all but the optimiser is freed. */
function walk(optimiser: Optimiser, parameters: readonly number[], from: number, to: number): number[] {
  let current: Tensor1D = tf.tensor1d([...parameters]);
  for (let step = from; step < to; step += 1) {
    const gradient = tf.tensor1d(gradients[step]!);
    const next = optimiser.update(current, gradient, rates[step]!, step);
    tf.dispose([current, gradient]);
    current = next;
  }
  const numbers = [...current.dataSync<"float32">()];
  current.dispose();
  return numbers;
}

describe.each([SGD, ADAM, ADAMW])("the optimiser $kind", (config) => {
  it.each([1, 2, STEPS])("is after %d steps where its definition says", (steps) => {
    const rules = makeRules();
    const optimiser = buildOptimiser(config, rules, specs);
    expect(relativeError(walk(optimiser, start, 0, steps), plain[config.kind](steps))).toBeLessThan(1e-5);
    optimiser.dispose();
    tf.dispose([rules.rateFactor, rules.decayMask]);
  });

  it("goes on exactly from slots that were read back", () => {
    const rules = makeRules();
    const [unbroken, before, after] = [0, 1, 2].map(() => buildOptimiser(config, rules, specs)) as [
      Optimiser,
      Optimiser,
      Optimiser,
    ];
    const expected = walk(unbroken, start, 0, STEPS);
    const halfway = walk(before, start, 0, 2);
    const saved = [...before.slots()].map(([name, slot]): [string, Tensor1D] => [name, tf.tensor1d(slot.dataSync())]);
    after.restore(new Map(saved));
    expect(walk(after, halfway, 2, STEPS)).toEqual(expected);
    for (const optimiser of [unbroken, before, after]) optimiser.dispose();
    tf.dispose([rules.rateFactor, rules.decayMask]);
  });

  it("leaves no tensor behind", async () => {
    const run = (): void => {
      const rules = makeRules();
      const optimiser = buildOptimiser(config, rules, specs);
      walk(optimiser, start, 0, 2);
      optimiser.restore(new Map([...optimiser.slots()].map(([name, slot]) => [name, tf.clone(slot)])));
      optimiser.dispose();
      tf.dispose([rules.rateFactor, rules.decayMask]);
    };
    expect(await countLeaks(run)).toBe(0);
  });
});

describe("the rules of parameters", () => {
  const specs = [
    filterSpec("layer_0.op_0.conv", 1, 1, 2),
    ...affineSpecs("layer_0.op_0.bn", 1),
    filterSpec("decoder.output.conv", 1, 1, 1),
    { name: "decoder.output.bias", shape: [1], channelAxes: [], initialisation: "zeros" as const },
  ];
  const numbersOf = (rules: ParameterRules) => ({
    rateFactor: [...rules.rateFactor.dataSync()],
    decayMask: [...rules.decayMask.dataSync()],
  });

  it("of a training: biases and shifts without decay, they and the last layer at rates of their own", () => {
    expect(numbersOf(trainRules(specs, { outputRateFactor: 1 / 8, biasRateFactor: 2 }))).toEqual({
      rateFactor: [1, 1, 1, 2, 1 / 8, 2 / 8],
      decayMask: [1, 1, 1, 0, 1, 0],
    });
  });

  it("of a search: everything decays, the last layer at a rate of its own", () => {
    expect(numbersOf(searchRules(specs, { outputRateFactor: 1 / 8 }))).toEqual({
      rateFactor: [1, 1, 1, 1, 1 / 8, 1 / 8],
      decayMask: [1, 1, 1, 1, 1, 1],
    });
  });
});
