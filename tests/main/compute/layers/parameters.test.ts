import * as tf from "@tensorflow/tfjs-core";
import fc from "fast-check";
import { describe, expect, it } from "vitest";

import { startEngine } from "#main/compute/engine/engine.ts";
import { paddedChannels } from "#main/compute/layers/channelPadding.ts";
import {
  countStored,
  cutParameters,
  initialiseParameters,
  layParameters,
  openParameters,
  parameterOf,
} from "#main/compute/layers/parameters.ts";
import { Tape } from "#main/compute/layers/tape.ts";
import {
  affineSpecs,
  countParameters,
  depthwiseSpec,
  filterSpec,
  type ParameterSpec,
} from "#shared/space/graph/parameters.ts";

import { drawNumbers } from "#tests/helpers/drawTensor.ts";
import { countLeaks } from "#tests/helpers/tensors.ts";

const { kernels } = await startEngine();

const anyChannels = fc.oneof(
  fc.integer({ min: 1, max: 5 }),
  fc.record({ groups: fc.integer({ min: 1, max: 3 }), channels: fc.integer({ min: 1, max: 6 }) }),
);
const anySpecs = fc
  .array(fc.tuple(fc.constantFrom(1, 3), anyChannels, anyChannels), { minLength: 1, maxLength: 4 })
  .map((filters) =>
    filters.flatMap(([side, input, output], index): ParameterSpec[] => [
      filterSpec(`filter_${index}`, side, input, output),
      depthwiseSpec(`depthwise_${index}`, side, input),
      ...affineSpecs(`norm_${index}`, output),
    ]),
  );

describe("paddedChannels", () => {
  it("is the next multiple of four", () => {
    expect([1, 3, 4, 5, 10, 15, 20].map(paddedChannels)).toEqual([4, 4, 4, 8, 12, 16, 20]);
  });
});

describe("layParameters and cutParameters", () => {
  it("give back what was laid, whatever the shapes", () => {
    fc.assert(
      fc.property(anySpecs, (specs) => {
        const given = new Map(
          specs.map(({ name, shape }, i) => [
            name,
            drawNumbers(
              shape.reduce((p, s) => p * s, 1),
              i,
            ),
          ]),
        );
        const flat = layParameters(specs, ({ name }) => given.get(name)!);
        expect(flat.length).toBe(countStored(specs));
        expect(cutParameters(specs, flat)).toEqual(given);
      }),
    );
  });

  it("fill up with zeros, each group of channels by itself", () => {
    const spec = filterSpec("f", 1, { groups: 2, channels: 1 }, { groups: 1, channels: 3 });
    const flat = layParameters([spec], () => [1, 2, 3, 4, 5, 6]);
    const first = [1, 2, 3, 0];
    const second = [4, 5, 6, 0];
    const empty = [0, 0, 0, 0];
    expect([...flat]).toEqual([first, empty, empty, empty, second, empty, empty, empty].flat());
  });

  it("store as many numbers as count where every size is a multiple of four already", () => {
    const spec = filterSpec("f", 3, { groups: 2, channels: 8 }, 5);
    expect(countStored([spec])).toBe(countParameters([spec]));
  });
});

describe("initialiseParameters", () => {
  const filter = filterSpec("a", 3, 4, 8);

  it("draws within plus or minus 1 / sqrt(fan in), filling that range", () => {
    const values = initialiseParameters([filter], 1);
    const bound = 1 / Math.sqrt(3 * 3 * 4);
    expect(Math.max(...values)).toBeLessThanOrEqual(bound);
    expect(Math.min(...values)).toBeGreaterThanOrEqual(-bound);
    expect(Math.max(...values) - Math.min(...values)).toBeGreaterThan(1.8 * bound);
    expect(Math.abs(values.reduce((sum, value) => sum + value, 0) / values.length)).toBeLessThan(bound / 5);
  });

  it("starts scales at one and shifts at zero", () => {
    expect([...initialiseParameters(affineSpecs("norm", 2), 1)]).toEqual([1, 1, 0, 0]);
  });

  it("gives a parameter the same numbers whatever stands before it, and others under another seed", () => {
    const alone = initialiseParameters([filter], 1);
    const behind = initialiseParameters([filterSpec("b", 1, 3, 3), filter], 1);
    expect(behind.slice(9)).toEqual(alone);
    expect(initialiseParameters([filter], 2)).not.toEqual(alone);
  });
});

describe("openParameters", () => {
  const specs = [filterSpec("f", 1, 2, 3), ...affineSpecs("norm", 3)];

  it("cuts the vector into parameters by name and joins their gradients, zeros where none arrived", () => {
    tf.tidy(() => {
      const tape = new Tape(kernels, true);
      const flat = tf.tensor1d([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
      const { values, takeGradient } = openParameters(tape, specs, flat, true);
      const filter = parameterOf(values, "f");
      expect(filter.tensor.shape).toEqual([1, 1, 2, 3]);
      expect([...parameterOf(values, "norm.beta").tensor.dataSync()]).toEqual([10, 11, 12]);
      const doubled = tape.recordOne(tf.mul(filter.tensor, 2), [filter], [], (dy) => [tf.mul(dy, 2)]);
      tape.backward(doubled, tf.onesLike(doubled.tensor));
      expect([...takeGradient().dataSync()]).toEqual([2, 2, 2, 2, 2, 2, 0, 0, 0, 0, 0, 0]);
    });
  });

  it("refuses a name that is not there", () => {
    expect(() => parameterOf(new Map(), "nobody")).toThrow("there is none named nobody");
  });

  it("leaves no tensor behind", async () => {
    const run = (): void => {
      const tape = new Tape(kernels, true);
      const flat = tf.zeros<tf.Rank.R1>([countStored(specs)]);
      const { takeGradient, close } = openParameters(tape, specs, flat, true);
      takeGradient().dispose();
      close();
      flat.dispose();
    };
    expect(await countLeaks(run)).toBe(0);
  });
});
