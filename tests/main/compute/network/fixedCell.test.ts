import * as tf from "@tensorflow/tfjs-core";
import type { Tensor } from "@tensorflow/tfjs-core";
import { describe, expect, it } from "vitest";

import { LEAKY_SLOPE } from "#main/compute/kernels/kernels.ts";
import type { Shape4D } from "#main/compute/kernels/kernels.ts";
import { batchNorm } from "#main/compute/layers/batchNorm.ts";
import { add } from "#main/compute/layers/combine.ts";
import { checkGradient } from "#main/compute/layers/gradientCheck.ts";
import { Tape } from "#main/compute/layers/tape.ts";
import type { Value } from "#main/compute/layers/tape.ts";
import { runFixedCell } from "#main/compute/network/fixedCell.ts";
import type { CellOutput } from "#main/compute/network/fixedCell.ts";
import { edgesOfLayer } from "#main/compute/network/structure.ts";
import { startEngine } from "#main/compute/engine/engine.ts";

import { largestDifference } from "#tests/helpers/arrays.ts";
import { drawTensor } from "#tests/helpers/drawTensor.ts";
import { makeSmoothKernels } from "#tests/helpers/smoothKernels.ts";
import { countLeaks } from "#tests/helpers/tensors.ts";

import { MIXED_GENOTYPE, MIXED_PLAN } from "./tinyNetwork.ts";

const CHANNELS = 3;
const STATE: Shape4D = [2, 7, 8, CHANNELS];

const { kernels } = await startEngine();

/** Both inputs of a cell, and then the filters of each op, with the names under which the cell asks for them. */
function drawInputs(layer: number): { names: string[]; tensors: Tensor[] } {
  const filters = edgesOfLayer(MIXED_PLAN, layer).flatMap(({ op }, index) =>
    op.kind !== "computed"
      ? []
      : op.parameters(CHANNELS).map(({ name, edgeShape, fanIn }, i) => ({
          name: `cell.op_${index}.${name}`,
          tensor: drawTensor(edgeShape, 10 * index + i, 1 / Math.sqrt(fanIn)),
        })),
  );
  return {
    names: ["s1", "s0", ...filters.map(({ name }) => name)],
    tensors: [drawTensor(STATE, 1), drawTensor(STATE, 2), ...filters.map(({ tensor }) => tensor)],
  };
}

function run(tape: Tape, layer: number, names: readonly string[], values: readonly Value<Tensor>[]): CellOutput {
  const parameters = new Map(names.map((name, index) => [name, values[index]!]));
  return runFixedCell(
    {
      tape,
      parameters,
      normalise: (x, _name, activate) => batchNorm(tape, x, { activate }),
      prefix: "cell",
      edges: edgesOfLayer(MIXED_PLAN, layer),
      nodes: MIXED_GENOTYPE.cells[layer]!.nodes.length,
      wantsRaw: true,
    },
    // The cell frees what it is given, and these are the test's.
    add(tape, [values[0] as Value]),
    add(tape, [values[1] as Value]),
  );
}

describe("runFixedCell", () => {
  it.each([0, 1])("sends the right gradient of both inputs and every filter of cell %d", async (layer) => {
    const { names, tensors } = drawInputs(layer);
    const smooth = await makeSmoothKernels();
    const sumOfOutputs = (tape: Tape, values: readonly Value<Tensor>[]): Value => {
      const { activated, raw } = run(tape, layer, names, values);
      return add(tape, [activated, raw!]);
    };
    expect(checkGradient(smooth, tensors, sumOfOutputs)).toBeLessThan(1e-2);
    tf.dispose(tensors);
  });

  it("gives a node that only skips the sum of the states it reads", () => {
    const cell = { from: "s0", primitive: "skip_connect" } as const;
    const genotype = { ...MIXED_GENOTYPE, cells: [{ nodes: [[cell, { ...cell, from: "s1" as const }]] }] };
    tf.tidy(() => {
      const tape = new Tape(kernels, false);
      const [s1, s0] = [tape.leaf(drawTensor(STATE, 1), false), tape.leaf(drawTensor(STATE, 2), false)];
      const edges = edgesOfLayer({ genotype, filters: CHANNELS }, 0);
      const normalise = (x: Value): Value => x;
      const sum = tf.add(s1.tensor, s0.tensor);
      const pass = { tape, parameters: new Map(), normalise, prefix: "cell", edges, nodes: 1, wantsRaw: true };
      const { activated, raw } = runFixedCell(pass, add(tape, [s1]), add(tape, [s0]));
      expect(largestDifference(raw!.tensor.dataSync(), sum.dataSync())).toBe(0);
      expect(largestDifference(activated.tensor.dataSync(), tf.leakyRelu(sum, LEAKY_SLOPE).dataSync())).toBeLessThan(
        1e-7,
      );
    });
  });

  it.each([true, false])("leaves no tensor behind, recording %s", async (isRecording) => {
    const measure = (): void => {
      const { names, tensors } = drawInputs(0);
      const tape = new Tape(kernels, isRecording);
      const values = tensors.map((tensor) => tape.leaf(tensor, true));
      const { activated, raw } = tape.scope(() => run(tape, 0, names, values));
      if (isRecording) tape.backward(activated, tf.onesLike(activated.tensor));
      tape.dispose();
      tf.dispose([...tensors, activated.tensor, raw!.tensor]);
    };
    expect(await countLeaks(measure)).toBe(0);
  });
});
