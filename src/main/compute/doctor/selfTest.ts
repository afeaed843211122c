import * as tf from "@tensorflow/tfjs-core";
import type { Tensor, Tensor4D } from "@tensorflow/tfjs-core";

import { at } from "#shared/at.ts";
import { PRIMITIVES, type Primitive, specOf } from "#shared/space/cells/primitives.ts";
import { primitiveParameters } from "#shared/space/graph/primitiveParameters.ts";

import type { Engine } from "#main/compute/engine/engine.ts";
import { checkGradient } from "#main/compute/layers/gradientCheck.ts";
import type { Computation } from "#main/compute/layers/gradientCheck.ts";
import type { Value } from "#main/compute/layers/tape.ts";
import { mixedEdges, noiseName, opWeightName } from "#main/compute/supernet/mixedEdges.ts";
import type { SelfTestResult } from "#shared/api/doctor.ts";
import { denoisingLoss } from "#main/compute/learning/denoisingLoss.ts";

/** Finite differences of 32-bit numbers across the kinks of a leaky ReLU do not get closer. */
const TOLERANCE = 0.02;

const CHANNELS = 3;
const OFFSET_LIMIT_PX = 2;

/** Gives states that stay clear of the kinks of the leaky ReLU inside the separable ops. */
const STATE_SEED = 11;

/** Checks the gradient of every primitive, and of the loss, against finite differences on tiny tensors. */
export function runSelfTest({ kernels }: Engine): SelfTestResult[] {
  const tests = PRIMITIVES.map((name) => ({ name, ...primitiveTest(name) }));
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

/** One primitive on one edge, as a mixed op of the supernet: from the state, its filters and its op weight to the contribution. */
function primitiveTest(primitive: Primitive): GradientTest {
  const spec = specOf(primitive);
  const parameters = primitiveParameters(spec, CHANNELS);
  // An edge that reads nothing of its state does not exist: beside it stands a skip connection that counts nothing.
  const isBlind = spec.kind === "zero" || spec.kind === "noise";
  const candidates: readonly Primitive[] = isBlind ? [primitive, "skip_connect"] : [primitive];
  const named: readonly (readonly [string, Tensor])[] = [
    ["state", noise<tf.Rank.R4>([2, 8, 9, CHANNELS], STATE_SEED)],
    ...parameters.map(
      ({ name, edgeShape, fanIn }, index) =>
        [
          `from_state.${primitive}.${name}`,
          tf.tidy(() => tf.mul(noise<tf.Rank>([...edgeShape], index + 2), 1 / Math.sqrt(fanIn))),
        ] as const,
    ),
    ...candidates.map(
      (candidate) => [opWeightName("state", candidate), opWeight(candidate, candidate === primitive ? 1 : 0)] as const,
    ),
  ];
  const given = noise<tf.Rank.R4>([2, 8, 9, CHANNELS], STATE_SEED + 1);
  return {
    inputs: named.map(([, tensor]) => tensor),
    constants: [given],
    compute: (tape, values) => {
      const inputs = new Map<string, Value<Tensor>>(
        named.map(([name], index) => [name, at(values, index, "self-test: inputs")]),
      );
      inputs.set(noiseName("state"), tape.leaf(given, false));
      const [contribution] = mixedEdges(
        tape,
        at(values, 0, "self-test: inputs") as Value,
        "state",
        1,
        { primitives: candidates, channels: CHANNELS, offsetLimitPx: OFFSET_LIMIT_PX },
        inputs,
      );
      if (contribution === undefined) throw new Error(`self-test: one edge of ${primitive} gave nothing`);
      return contribution;
    },
  };
}

/** An op weight in the form in which an edge reads it: a scale of the channels, for a skip connection a filter. */
function opWeight(primitive: Primitive, value: number): Tensor {
  return tf.tidy(() => {
    const scale = tf.fill([CHANNELS], value);
    return specOf(primitive).kind === "identity" ? tf.reshape(tf.diag(scale), [1, 1, CHANNELS, CHANNELS]) : scale;
  });
}

function lossTest(): GradientTest {
  const clean = tf.tidy<Tensor4D>(() =>
    tf.clipByValue(tf.add(tf.mul(noise<tf.Rank.R4>([2, 16, 16, 1], 3), 0.2), 0.5), 0, 1),
  );
  const predicted = tf.tidy(() => tf.add(clean, tf.mul(noise<tf.Rank.R4>([2, 16, 16, 1], 4), 0.1)));
  return {
    inputs: [predicted],
    constants: [clean],
    compute: (tape, values) => denoisingLoss(tape, at(values, 0, "self-test: inputs") as Value, clean, 0.5),
  };
}

function noise<R extends tf.Rank>(shape: tf.ShapeMap[R], seed: number): tf.Tensor<R> {
  return tf.randomNormal<R>(shape, 0, 1, "float32", seed);
}
