import * as tf from "@tensorflow/tfjs-core";
import type { Tensor } from "@tensorflow/tfjs-core";
import { describe, expect, it } from "vitest";

import { startEngine } from "#main/compute/engine/engine.ts";
import type { Shape4D } from "#main/compute/kernels/kernels.ts";
import { checkGradient } from "#main/compute/layers/gradientCheck.ts";
import { cutParameters, initialiseParameters } from "#main/compute/layers/parameters.ts";
import { Tape } from "#main/compute/layers/tape.ts";
import type { Value } from "#main/compute/layers/tape.ts";
import { decode } from "#main/compute/supernet/decoder.ts";
import { supernetParameters } from "#shared/space/spaces/widths/supernetParameters.ts";
import { searchSpaceSchema } from "#shared/space/spaces/searchSpace.ts";

import { drawTensor } from "#tests/helpers/drawTensor.ts";
import { makeSmoothKernels } from "#tests/helpers/smoothKernels.ts";
import { countLeaks } from "#tests/helpers/tensors.ts";

const { kernels } = await startEngine();

/** Channels in fours, so that nothing has to be filled up; two width levels at the end. */
const space = searchSpaceSchema.parse({ layers: 1, nodes: 1, filters: 4, widthFactors: [1, 2] });
const specs = supernetParameters(space).filter(({ name }) => name.startsWith("decoder."));
const LEVELS: readonly Shape4D[] = [
  [1, 18, 20, 4],
  [1, 18, 20, 8],
];

/** The outputs of both width levels, and then every parameter of the decoder. */
function drawInputs(): Tensor[] {
  const parts = cutParameters(specs, initialiseParameters(specs, 1));
  return [
    ...LEVELS.map((shape, index) => drawTensor(shape, index)),
    ...specs.map(({ name, shape }) => tf.tensor(parts.get(name)!, [...shape])),
  ];
}

function run(tape: Tape, inputs: readonly Value<Tensor>[]): Value {
  const levels = inputs.slice(0, LEVELS.length) as Value[];
  const parameters = new Map(specs.map(({ name }, index) => [name, inputs[LEVELS.length + index]!]));
  return decode(tape, levels, parameters);
}

describe("decode", () => {
  it("sends the right gradient of every width level and every parameter", async () => {
    const inputs = drawInputs();
    expect(checkGradient(await makeSmoothKernels(), inputs, run)).toBeLessThan(1e-2);
    tf.dispose(inputs);
  });

  it("predicts one channel at every pixel and leaves nothing behind", async () => {
    const measure = (): void => {
      const inputs = drawInputs();
      const tape = new Tape(kernels, true);
      const y = run(
        tape,
        inputs.map((tensor) => tape.leaf(tensor, true)),
      );
      expect(y.tensor.shape).toEqual([1, 18, 20, 1]);
      tape.backward(y, tf.onesLike(y.tensor));
      tape.dispose();
      tf.dispose(inputs);
    };
    expect(await countLeaks(measure)).toBe(0);
  });
});
