import * as tf from "@tensorflow/tfjs-core";
import type { Tensor, Tensor4D } from "@tensorflow/tfjs-core";

import { PRIMITIVES } from "#shared/space/primitives.ts";

import type { Engine } from "#main/compute/engine/engine.ts";
import type { Shape4D } from "#main/compute/engine/kernels/kernels.ts";
import { batchNorm } from "#main/compute/layers/batchNorm.ts";
import { leakyRelu } from "#main/compute/layers/leakyRelu.ts";
import { checkGradient } from "#main/compute/layers/gradientCheck.ts";
import type { Computation } from "#main/compute/layers/gradientCheck.ts";
import type { Value } from "#main/compute/layers/tape.ts";
import type { ComputedOp } from "#main/compute/ops/op.ts";
import { OP_TABLE } from "#main/compute/ops/opTable.ts";
import type { SelfTestResult } from "#shared/api/doctor.ts";
import { denoisingLoss } from "#main/compute/train/denoisingLoss.ts";

/** Finite differences of 32-bit numbers across the kinks of a leaky ReLU do not get closer. */
const TOLERANCE = 0.02;

const CHANNELS = 3;

/** Gives states that stay clear of the kinks of the leaky ReLU inside the separable ops. */
const STATE_SEED = 11;

/** Checks the gradient of every computing primitive, and of the loss, against finite differences on tiny tensors. */
export function runSelfTest({ kernels }: Engine): SelfTestResult[] {
  const tests = PRIMITIVES.flatMap((name) => {
    const op = OP_TABLE[name];
    return op.kind === "computed" ? [{ name, ...primitiveTest(op) }] : [];
  });
  return [...tests, { name: "loss", ...lossTest() }].map(({ name, inputs, constants, compute }) => {
    const relativeError = checkGradient(kernels, inputs, compute);
    tf.dispose([...inputs, ...constants]);
    return { name, relativeError, tolerance: TOLERANCE, ok: relativeError < TOLERANCE };
  });
}

interface GradientTest {
  readonly inputs: readonly Tensor[];
  /** What the computation reads besides, freed after the test. */
  readonly constants: readonly Tensor[];
  readonly compute: Computation;
}

/** One primitive on one edge, from the state to its normalised output. */
function primitiveTest(op: ComputedOp): GradientTest {
  const parameters = op.parameters(CHANNELS);
  const inputs = [
    noise([2, 8, 9, CHANNELS], STATE_SEED),
    ...parameters.map(({ edgeShape, fanIn }, index) =>
      tf.tidy(() => tf.mul(noise(edgeShape, index + 2), 1 / Math.sqrt(fanIn))),
    ),
  ];
  return {
    inputs,
    constants: [],
    compute: (tape, [state, ...filters]) => {
      const output = op.apply({
        tape,
        activated: leakyRelu(tape, state as Value),
        edges: 1,
        parameter: (name) => filters[parameters.findIndex((parameter) => parameter.name === name)] as Value,
        normaliseAndActivate: (x) => batchNorm(tape, x, { activate: true }),
      });
      return batchNorm(tape, output);
    },
  };
}

function lossTest(): GradientTest {
  const clean = tf.tidy<Tensor4D>(() => tf.clipByValue(tf.add(tf.mul(noise([2, 16, 16, 1], 3), 0.2), 0.5), 0, 1));
  const predicted = tf.tidy(() => tf.add(clean, tf.mul(noise([2, 16, 16, 1], 4), 0.1)));
  return {
    inputs: [predicted],
    constants: [clean],
    compute: (tape, [value]) => denoisingLoss(tape, value as Value, clean, 0.5),
  };
}

function noise(shape: Shape4D, seed: number): Tensor4D {
  return tf.randomNormal<tf.Rank.R4>([...shape], 0, 1, "float32", seed);
}
