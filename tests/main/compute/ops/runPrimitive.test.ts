import * as tf from "@tensorflow/tfjs-core";
import type { Tensor } from "@tensorflow/tfjs-core";
import { describe, expect, it } from "vitest";

import type { Shape4D } from "#main/compute/kernels/kernels.ts";
import { batchNorm } from "#main/compute/layers/batchNorm.ts";
import { checkGradient } from "#main/compute/layers/gradientCheck.ts";
import { leakyRelu } from "#main/compute/layers/leakyRelu.ts";
import { Tape } from "#main/compute/layers/tape.ts";
import type { Value } from "#main/compute/layers/tape.ts";
import { runPrimitive } from "#main/compute/ops/runPrimitive.ts";
import { type PrimitiveSpec, PRIMITIVES, specOf } from "#shared/space/cells/primitives.ts";
import { sizeOfShape } from "#shared/space/graph/parameters.ts";
import { fuseEdges, primitiveParameters } from "#shared/space/graph/primitiveParameters.ts";

import { largestDifference } from "#tests/helpers/arrays.ts";
import { drawAwayFromZero, drawNumbers, drawTensor } from "#tests/helpers/drawTensor.ts";
import { listKernels } from "#tests/helpers/kernelCases.ts";
import { countLeaks } from "#tests/helpers/tensors.ts";

/** Finite differences across the kinks inside the separable ops, and of taps that pass a pixel, do not get closer. */
const KINK_TOLERANCE = 2e-2;
const SMOOTH_TOLERANCE = 1e-3;

const STATE: Shape4D = [2, 7, 9, 3];
const CHANNELS = 3;

type ComputedSpec = Extract<PrimitiveSpec, { kind: "computed" }>;

const computed = PRIMITIVES.flatMap((name) => {
  const spec = specOf(name);
  return spec.kind === "computed" ? [{ name, spec }] : [];
});

/** Filters of `edges` edges in one, drawn at the size of an initialisation. */
function drawFilters(spec: ComputedSpec, edges: number): Tensor[] {
  return primitiveParameters(spec, CHANNELS).map((parameter, index) => {
    const { shape } = fuseEdges(parameter, parameter.name, edges);
    return tf.tensor(drawNumbers(sizeOfShape(shape), index + 1, 1 / Math.sqrt(parameter.fanIn)), [...shape]);
  });
}

function apply(tape: Tape, spec: ComputedSpec, [state, ...filters]: readonly Value<Tensor>[]): Value {
  const names = primitiveParameters(spec, CHANNELS).map(({ name }) => name);
  return runPrimitive(spec, {
    tape,
    activated: leakyRelu(tape, state as Value),
    channels: CHANNELS,
    offsetLimitPx: 2,
    parameter: (name) => filters[names.indexOf(name)] as Value<Tensor> & Value,
    normaliseAndActivate: (x) => batchNorm(tape, x, { activate: true }),
  });
}

describe.each(await listKernels())("on $name", ({ kernels }) => {
  it.each(computed)("$name gives for three edges at once what it gives for each alone", ({ spec }) => {
    const edges = 3;
    tf.tidy(() => {
      const tape = new Tape(kernels, false);
      const state = tape.leaf(drawTensor(STATE, 9), false);
      const filters = drawFilters(spec, edges);
      const leaves = (tensors: readonly Tensor[]) => tensors.map((tensor) => tape.leaf(tensor, false));
      const together = tf.split(apply(tape, spec, [state, ...leaves(filters)]).tensor, edges, 3);
      const cut = primitiveParameters(spec, CHANNELS).map(({ edgeAxis }, i) => tf.split(filters[i]!, edges, edgeAxis));
      for (let edge = 0; edge < edges; edge += 1) {
        const alone = apply(tape, spec, [state, ...leaves(cut.map((parts) => parts[edge]!))]);
        expect(largestDifference(together[edge]!.dataSync(), alone.tensor.dataSync())).toBeLessThan(1e-5);
      }
    });
  });

  it.each(computed)(
    "$name sends the right gradients of its state and filters, for one edge and for three",
    ({ spec }) => {
      const hasKinks = spec.stages.length > 1 || spec.stages.some(({ kind }) => kind === "deformable");
      const tolerance = hasKinks ? KINK_TOLERANCE : SMOOTH_TOLERANCE;
      for (const edges of [1, 3]) {
        const inputs = [drawAwayFromZero(STATE, 9), ...drawFilters(spec, edges)];
        expect(checkGradient(kernels, inputs, (tape, values) => apply(tape, spec, values))).toBeLessThan(tolerance);
        tf.dispose(inputs);
      }
    },
  );

  it("refuses a primitive that begins with two depthwise filters, whose edges would be mixed up", () => {
    const stage = { kind: "depthwise", side: 3, dilation: 1, norm: null } as const;
    const spec = { kind: "computed", stages: ["first", "second"].map((name) => ({ ...stage, name })) } as const;
    tf.tidy(() => {
      const tape = new Tape(kernels, false);
      const leaves = [drawTensor(STATE, 9), ...drawFilters(spec, 2)].map((tensor) => tape.leaf<Tensor>(tensor, false));
      expect(() => apply(tape, spec, leaves)).toThrow("second must come after a convolution");
    });
  });

  it.each(computed)("$name leaves no tensor behind", async ({ spec }) => {
    const run = (): void => {
      const tape = new Tape(kernels, true);
      const inputs = [drawTensor(STATE, 9), ...drawFilters(spec, 2)];
      const leaves = inputs.map((tensor) => tape.leaf<Tensor>(tensor, true));
      const y = apply(tape, spec, leaves);
      tape.backward(y, tf.onesLike(y.tensor));
      tape.dispose();
      tf.dispose(inputs);
    };
    expect(await countLeaks(run)).toBe(0);
  });
});
