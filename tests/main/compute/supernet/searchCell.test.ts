import * as tf from "@tensorflow/tfjs-core";
import type { Tensor } from "@tensorflow/tfjs-core";
import { describe, expect, it } from "vitest";

import { startEngine } from "#main/compute/engine/engine.ts";
import { PortableKernels } from "#main/compute/kernels/portableKernels.ts";
import type { TrainingKernels, Shape4D } from "#main/compute/kernels/kernels.ts";
import { checkGradient } from "#main/compute/layers/gradientCheck.ts";
import { Tape } from "#main/compute/layers/tape.ts";
import type { Value } from "#main/compute/layers/tape.ts";
import { ArchLeaves, archVector } from "#main/compute/supernet/archLeaves.ts";
import { opWeightName } from "#main/compute/supernet/mixedEdges.ts";
import { searchCell } from "#main/compute/supernet/searchCell.ts";
import { specOf } from "#shared/space/cells/primitives.ts";
import { edgesByState } from "#shared/space/cells/stateEdges.ts";
import { fuseEdges, primitiveParameters } from "#shared/space/graph/primitiveParameters.ts";
import { JOURNAL_PRIMITIVES } from "#shared/space/spaces/searchSpace.ts";

import { largestDifference } from "#tests/helpers/arrays.ts";
import { drawTensor } from "#tests/helpers/drawTensor.ts";
import { makeSmoothKernels } from "#tests/helpers/smoothKernels.ts";
import { countLeaks } from "#tests/helpers/tensors.ts";

import { TINY_SPACE, drawArchWeights } from "./tinySupernet.ts";

const NODES = 2;
const CHANNELS = 3;
const STATE: Shape4D = [1, 7, 8, CHANNELS];
const space = { nodes: NODES, primitives: [...JOURNAL_PRIMITIVES], channels: CHANNELS, offsetLimitPx: 2 };

const { kernels } = await startEngine();

/** Draws everything that a cell reads, by name; `opWeights` leaves are made from what a search would start with. */
function drawInputs(): Map<string, Tensor> {
  const inputs = new Map<string, Tensor>([
    ["s1", drawTensor(STATE, 1)],
    ["s0", drawTensor(STATE, 2)],
  ]);
  const weights = drawArchWeights(TINY_SPACE);
  const vector = tf.tensor1d(archVector(weights));
  const arch = new ArchLeaves(new Tape(kernels, false), weights, false, vector);
  for (const { from, edges } of edgesByState(NODES)) {
    JOURNAL_PRIMITIVES.forEach((primitive, index) => {
      const spec = specOf(primitive);
      if (spec.kind === "identity") {
        inputs.set(opWeightName(from, primitive), arch.copyFilter(0, edges, index, CHANNELS).tensor);
      } else if (spec.kind === "computed") {
        inputs.set(opWeightName(from, primitive), arch.opScale(0, edges, index, CHANNELS).tensor);
        for (const parameter of primitiveParameters(spec, CHANNELS)) {
          const shape = fuseEdges(parameter, parameter.name, edges.length).shape as unknown as Shape4D;
          const filter = drawTensor(shape, inputs.size, 1 / Math.sqrt(parameter.fanIn));
          inputs.set(`from_${from}.${primitive}.${parameter.name}`, filter);
        }
      }
    });
  }
  vector.dispose();
  return inputs;
}

function runCell(given: TrainingKernels, inputs: ReadonlyMap<string, Tensor>): Float32Array {
  return tf.tidy(() => {
    const tape = new Tape(given, false);
    const leaves = new Map([...inputs].map(([name, tensor]) => [name, tape.leaf(tensor, false)]));
    return Float32Array.from(searchCell(tape, space, leaves).tensor.dataSync());
  });
}

describe("searchCell", () => {
  it("sends the right gradient of both inputs, every filter and every op weight", async () => {
    const inputs = drawInputs();
    const names = [...inputs.keys()];
    const error = checkGradient(await makeSmoothKernels(), [...inputs.values()], (tape, values) =>
      searchCell(tape, space, new Map(names.map((name, index) => [name, values[index]!]))),
    );
    expect(error).toBeLessThan(1e-2);
    tf.dispose([...inputs.values()]);
  });

  it("joins its nodes along channels and keeps height and width", () => {
    const inputs = drawInputs();
    const [batch, height, width] = STATE;
    expect(runCell(kernels, inputs).length).toBe(batch * height * width * NODES * CHANNELS);
    tf.dispose([...inputs.values()]);
  });

  it("gives the same numbers on the portable kernels", () => {
    const inputs = drawInputs();
    const portable = runCell(new PortableKernels(), inputs);
    expect(largestDifference(runCell(kernels, inputs), portable)).toBeLessThan(1e-4);
    tf.dispose([...inputs.values()]);
  });

  it("leaves no tensor behind", async () => {
    const run = (): void => {
      const inputs = drawInputs();
      const tape = new Tape(kernels, true);
      const leaves = new Map(
        [...inputs].map(([name, tensor]): [string, Value<Tensor>] => [name, tape.leaf(tensor, true)]),
      );
      const y = searchCell(tape, space, leaves);
      tape.backward(y, tf.onesLike(y.tensor));
      tape.dispose();
      tf.dispose([...inputs.values()]);
    };
    expect(await countLeaks(run)).toBe(0);
  });
});
