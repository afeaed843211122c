import * as tf from "@tensorflow/tfjs-core";
import { describe, expect, it } from "vitest";

import { startEngine } from "#main/compute/engine/engine.ts";
import { initialiseParameters, openParameters } from "#main/compute/layers/parameters.ts";
import { Tape } from "#main/compute/layers/tape.ts";
import { ArchLeaves } from "#main/compute/supernet/archLeaves.ts";
import { drawNoiseNumbers, NoiseFields } from "#main/compute/supernet/noiseFields.ts";
import { runSupernet } from "#main/compute/supernet/supernet.ts";
import { outerSpaceOf } from "#shared/space/spaces/outerSpaces.ts";
import { searchSpaceSchema } from "#shared/space/spaces/searchSpace.ts";

import { drawNumbers } from "#tests/helpers/drawTensor.ts";
import { countLeaks } from "#tests/helpers/tensors.ts";
import { drawArchWeights } from "#tests/main/compute/supernet/tinySupernet.ts";

const { kernels } = await startEngine();

describe("NoiseFields", () => {
  it("gives standard normal noise, zero where channels only fill up, and other noise to each place", () => {
    const numbers = tf.tensor1d(drawNoiseNumbers(1, 7));
    const noise = new NoiseFields(numbers);
    const tape = new Tape(kernels, true);
    const [first, second] = [0, 1].map(() => noise.next(tape, [2, 20, 20, 4], 2, 3).tensor);
    expect(first?.shape).toEqual([2, 20, 20, 8]);
    const values = [...(first?.dataSync() ?? [])];
    const counting = values.filter((_, index) => index % 4 !== 3);
    expect(values.filter((_, index) => index % 4 === 3).every((value) => value === 0)).toBe(true);
    const mean = counting.reduce((sum, value) => sum + value, 0) / counting.length;
    const variance = counting.reduce((sum, value) => sum + (value - mean) ** 2, 0) / counting.length;
    // 4,800 numbers: three standard errors.
    expect(Math.abs(mean)).toBeLessThan(0.045);
    expect(Math.abs(variance - 1)).toBeLessThan(0.065);
    expect([...(second?.dataSync() ?? [])]).not.toEqual(values);
    noise.close();
    numbers.dispose();
  });

  it("is the same for a seed and a step, and goes round where more is read than was drawn", async () => {
    expect(drawNoiseNumbers(1, 7)).toEqual(drawNoiseNumbers(1, 7));
    expect(drawNoiseNumbers(1, 8)).not.toEqual(drawNoiseNumbers(1, 7));
    const leaks = await countLeaks(() => {
      const numbers = tf.tensor1d(drawNoiseNumbers(1, 7));
      const noise = new NoiseFields(numbers);
      const large = noise.next(new Tape(kernels, true), [1, 256, 256, 4], 2, 4).tensor;
      expect([...large.dataSync()].every(Number.isFinite)).toBe(true);
      noise.close();
      numbers.dispose();
    });
    expect(leaks).toBe(0);
  });
});

describe("a supernet of nothing but noise", () => {
  it("takes away the same from every picture: noise reads nothing", () => {
    const space = searchSpaceSchema.parse({
      layers: 1,
      nodes: 1,
      filters: 4,
      widthFactors: [1],
      primitives: ["noise", "none"],
    });
    const takenFrom = (seed: number): number[] =>
      tf.tidy(() => {
        const specs = outerSpaceOf(space).parameters(space);
        const tape = new Tape(kernels, false);
        const { values } = openParameters(tape, specs, tf.tensor1d(initialiseParameters(specs, 1)), false);
        const arch = new ArchLeaves(tape, drawArchWeights(space), false);
        const noise = new NoiseFields(tf.tensor1d(drawNoiseNumbers(1, 1)));
        const noisy = tf.tensor4d(drawNumbers(144, seed, 0.3), [1, 12, 12, 1]);
        const pass = { tape, space, parameters: values, arch, recompute: false, noise };
        const output = runSupernet(pass, new Map([["noisy", tape.leaf(noisy, false)]]));
        return [...tf.sub(noisy, output.tensor).dataSync()];
      });
    const [one, other] = [takenFrom(1), takenFrom(2)];
    one.forEach((value, index) => expect(value).toBeCloseTo(other[index] ?? NaN, 5));
    expect(Math.max(...one.map(Math.abs))).toBeGreaterThan(0.01);
  });
});
