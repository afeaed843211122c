import * as tf from "@tensorflow/tfjs-core";
import type { Tensor1D } from "@tensorflow/tfjs-core";
import { describe, expect, it } from "vitest";

import { startEngine } from "#main/compute/engine/engine.ts";
import { buildOptimiser } from "#main/compute/learning/optimisers/buildOptimiser.ts";
import type { Optimiser } from "#main/compute/learning/optimisers/optimiser.ts";
import { affineSpecs, filterSpec } from "#shared/space/graph/parameters.ts";

import { largestDifference } from "#tests/helpers/arrays.ts";
import { drawNumbers } from "#tests/helpers/drawTensor.ts";
import { countLeaks } from "#tests/helpers/tensors.ts";
import { iterate } from "./plainOrthogonalise.ts";

await startEngine();

const STEPS = 3;
const RATE = 0.02;
const MUON = {
  kind: "muon",
  learningRate: RATE,
  momentum: 0.9,
  beta1: 0.8,
  beta2: 0.95,
  weightDecay: 0.05,
  outputRateFactor: 1,
  biasRateFactor: 1,
} as const;

/** A filter that is a matrix of 144 x 20, the two numbers of a norm, another such filter, and one of too few channels. */
const specs = [
  filterSpec("a", 3, 16, 20),
  ...affineSpecs("bn", 1),
  filterSpec("b", 3, 16, 20),
  filterSpec("c", 3, 4, 20),
];
const MATRIX = 144 * 20;
const starts = [0, MATRIX + 2];
const count = 2 * MATRIX + 2 + 36 * 20;
const start = [...drawNumbers(count, 1)];
const gradients = Array.from({ length: STEPS }, (_, step) => [...drawNumbers(count, step + 2)]);

function build(): { optimiser: Optimiser; free: () => void } {
  const rules = { rateFactor: tf.ones<tf.Rank.R1>([count]), decayMask: tf.ones<tf.Rank.R1>([count]) };
  const optimiser = buildOptimiser(MUON, rules, specs);
  const free = (): void => {
    optimiser.dispose();
    tf.dispose([rules.rateFactor, rules.decayMask]);
  };
  return { optimiser, free };
}

function walk(optimiser: Optimiser, parameters: readonly number[], from: number, to: number): number[] {
  let current: Tensor1D = tf.tensor1d([...parameters]);
  for (let step = from; step < to; step += 1) {
    const gradient = tf.tensor1d(gradients[step]!);
    const next = optimiser.update(current, gradient, RATE, step);
    tf.dispose([current, gradient]);
    current = next;
  }
  const numbers = [...current.dataSync<"float32">()];
  current.dispose();
  return numbers;
}

/** The definitions in double precision: Nesterov's momentum made orthogonal for the two matrices, Adam for the rest. */
function plainMuon(): number[] {
  const weights = [...start];
  const first = weights.map(() => 0);
  const second = weights.map(() => 0);
  const matrixOf = (place: number) => starts.findIndex((begin) => place >= begin && place < begin + MATRIX);
  gradients.forEach((gradient, step) => {
    const ahead = weights.map((_, i) => {
      const keep = matrixOf(i) < 0 ? 0.8 : 0.9;
      first[i] = keep * first[i]! + (1 - keep) * gradient[i]!;
      second[i] = 0.95 * second[i]! + 0.05 * gradient[i]! ** 2;
      return keep * first[i] + (1 - keep) * gradient[i]!;
    });
    const turned = starts.map((begin) => {
      const rows = Array.from({ length: 144 }, (_, row) => ahead.slice(begin + row * 20, begin + (row + 1) * 20));
      return iterate(rows).flat();
    });
    weights.forEach((weight, i) => {
      const matrix = matrixOf(i);
      const adam = first[i]! / (1 - 0.8 ** (step + 1)) / (Math.sqrt(second[i]! / (1 - 0.95 ** (step + 1))) + 1e-8);
      const direction = matrix < 0 ? adam : 0.2 * Math.sqrt(144) * turned[matrix]![i - starts[matrix]!]!;
      weights[i] = weight - RATE * (direction + 0.05 * weight);
    });
  });
  return weights;
}

describe("the optimiser muon", () => {
  it("is after three steps where its definition in double precision says", () => {
    const { optimiser, free } = build();
    expect(largestDifference(walk(optimiser, start, 0, STEPS), plainMuon())).toBeLessThan(1e-5);
    free();
  });

  it("goes on exactly from slots that were read back", () => {
    const [unbroken, before, after] = [build(), build(), build()];
    const expected = walk(unbroken.optimiser, start, 0, STEPS);
    const halfway = walk(before.optimiser, start, 0, 1);
    const saved = [...before.optimiser.slots()].map(([name, slot]): [string, Tensor1D] => [
      name,
      tf.tensor1d(slot.dataSync()),
    ]);
    after.optimiser.restore(new Map(saved));
    expect(walk(after.optimiser, halfway, 1, STEPS)).toEqual(expected);
    for (const { free } of [unbroken, before, after]) free();
  });

  it("leaves no tensor behind", async () => {
    const run = (): void => {
      const { optimiser, free } = build();
      walk(optimiser, start, 0, 2);
      optimiser.restore(new Map([...optimiser.slots()].map(([name, slot]) => [name, tf.clone(slot)])));
      free();
    };
    expect(await countLeaks(run)).toBe(0);
  });
});
