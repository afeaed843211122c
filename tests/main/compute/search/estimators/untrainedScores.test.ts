import * as tf from "@tensorflow/tfjs-core";
import { describe, expect, it } from "vitest";

import { startEngine } from "#main/compute/engine/engine.ts";
import { cutParameters, openParameters } from "#main/compute/layers/parameters.ts";
import { Tape } from "#main/compute/layers/tape.ts";
import { trainingNormalise } from "#main/compute/network/normalise.ts";
import { runGraph } from "#main/compute/network/runGraph.ts";
import { StatisticsCollector } from "#main/compute/network/statistics.ts";
import { jacobianCovariance, scoreJacobian } from "#main/compute/search/estimators/jacobianCovariance.ts";
import { symmetricEigenvalues } from "#main/compute/search/estimators/symmetricEigenvalues.ts";
import { synflow } from "#main/compute/search/estimators/synflow.ts";
import { NetworkState } from "#main/compute/train/networkState.ts";
import { createRandom } from "#shared/random/createRandom.ts";
import { trainConfigSchema } from "#shared/runs/config.ts";
import type { GraphNode, NetworkGraph } from "#shared/space/graph/networkGraph.ts";
import { type AnyNetworkPlan, buildNetworkGraph } from "#shared/space/spaces/spaces.ts";

import { makeSmoothKernels } from "#tests/helpers/smoothKernels.ts";
import { countLeaks } from "#tests/helpers/tensors.ts";
import { MIXED_PLAN, SMALL_PLAN } from "#tests/main/compute/network/tinyNetwork.ts";

const { kernels } = await startEngine();
const train = trainConfigSchema.parse({ training: { optimiser: { kind: "adam", learningRate: 1e-3 } } });

function withState<R>(plan: AnyNetworkPlan, use: (state: NetworkState) => R): R {
  const state = new NetworkState(train, plan);
  try {
    return use(state);
  } finally {
    state.dispose();
  }
}

/** Pixels by row and column, each with its channels. */
type Picture = readonly (readonly (readonly number[])[])[];

/** Runs a graph without norms on one picture of ones in doubles, loop by loop; activations see nothing below zero. Gives the output's sum. */
function sumOfOutput(graph: NetworkGraph, filters: ReadonlyMap<string, Float32Array>, side: number): number {
  const values = new Map<string, Picture>();
  const make = (pixel: (row: number, column: number) => readonly number[]): Picture =>
    Array.from({ length: side }, (_, row) => Array.from({ length: side }, (__, column) => pixel(row, column)));
  const runFilter = (x: Picture, filter: Float32Array, node: GraphNode & { side: number; dilation: number }): Picture =>
    make((row, column) => {
      const inputs = x[0]![0]!.length;
      const isDepthwise = node.kind === "depthwise";
      const outputs = filter.length / (node.side ** 2 * inputs);
      const sums = new Array<number>(isDepthwise ? inputs : outputs).fill(0);
      for (let i = 0; i < node.side; i++)
        for (let j = 0; j < node.side; j++)
          for (let input = 0; input < inputs; input++) {
            const middle = (node.side - 1) / 2;
            const value = x[row + (i - middle) * node.dilation]?.[column + (j - middle) * node.dilation]?.[input] ?? 0;
            const first = ((i * node.side + j) * inputs + input) * outputs;
            if (isDepthwise) sums[input]! += value * filter[first]!;
            else for (let output = 0; output < outputs; output++) sums[output]! += value * filter[first + output]!;
          }
      return sums;
    });
  for (const node of graph.nodes) {
    const inputs = node.inputs.map((name) => values.get(name)!);
    const each = (compute: (channels: readonly (readonly number[])[]) => readonly number[]): Picture =>
      make((row, column) => compute(inputs.map((input) => input[row]![column]!)));
    const value = (): Picture => {
      switch (node.kind) {
        case "input":
          return make(() => new Array<number>(node.channels).fill(1));
        case "convolution":
        case "depthwise":
          return runFilter(inputs[0]!, filters.get(node.name)!, node);
        case "bias":
        case "activation":
          return each(([x]) => x!);
        case "add":
          return each((terms) => terms[0]!.map((_, channel) => terms.reduce((sum, term) => sum + term[channel]!, 0)));
        case "concat":
          return each((parts) => parts.flat());
        case "subtract":
          return each(([a, b]) => a!.map((x, channel) => x - b![channel]!));
        default:
          throw new Error(`test: no ${node.kind} here`);
      }
    };
    values.set(node.name, value());
  }
  return values
    .get(graph.output)!
    .flat(2)
    .reduce((sum, value) => sum + value, 0);
}

describe("SynFlow", () => {
  it.each([
    ["one filter", SMALL_PLAN],
    ["separable, dilated and skipping", MIXED_PLAN],
  ])("is what the output's sum loses without each filter, summed up: %s", (_, trained) => {
    const plan: AnyNetworkPlan = {
      ...trained,
      stemChannels: 4,
      decoderChannels: 6,
      endpointChannels: 3,
      normalisation: "none",
    };
    withState(plan, (state) => {
      const sizes = cutParameters(state.specs, Float32Array.from(tf.tidy(() => tf.abs(state.parameters).dataSync())));
      const graph = buildNetworkGraph(plan);
      const whole = sumOfOutput(graph, sizes, 7);
      // The sum is linear in each filter, so that filter times gradient is what it loses without the filter.
      const losses = [...sizes].map(([name, values]) =>
        Math.abs(whole - sumOfOutput(graph, new Map([...sizes, [name, values.map(() => 0)]]), 7)),
      );
      expect(synflow(kernels, state, 7)).toBeCloseTo(Math.log10(losses.reduce((sum, loss) => sum + loss, 0)), 5);
    });
  });

  it("leaves no tensor", async () => {
    const plan: AnyNetworkPlan = { ...SMALL_PLAN, normalisation: "none" };
    expect(await countLeaks(() => withState(plan, (state) => synflow(kernels, state, 12)))).toBe(0);
  });
});

describe("Jacobian covariance", () => {
  const SIDE = 6;
  const random = createRandom(5, "test");
  const noisy = Float32Array.from({ length: 2 * SIDE * SIDE }, () => random.uniform());
  const batchOf = (data: Float32Array) => ({
    noisy: { channels: 1 as const, data },
    clean: { channels: 1 as const, data },
  });

  it("is that of finite differences of the output's sum, for two patches by its closed form", async () => {
    const smooth = await makeSmoothKernels();
    withState({ ...SMALL_PLAN, stemChannels: 4 }, (state) => {
      const sumFor = (data: Float32Array): number =>
        tf.tidy(() => {
          const tape = new Tape(smooth, false);
          const { values } = openParameters(tape, state.specs, state.parameters, false);
          const normalise = trainingNormalise(tape, state.norms, values, new StatisticsCollector());
          const plane = tape.leaf(tf.tensor4d(data, [2, SIDE, SIDE, 1]), false);
          const pass = { tape, network: state.network, parameters: values, normalise };
          return runGraph(pass, new Map([["noisy", plane]]))
            .tensor.dataSync<"float32">()
            .reduce((sum, x) => sum + x, 0);
        });
      const step = 0.02;
      const slopes = Float32Array.from(noisy, (value, index) => {
        const [up, down] = [value + step, value - step].map((moved) => sumFor(noisy.with(index, moved)));
        return (up! - down!) / (2 * step);
      });
      const rows = [slopes.subarray(0, SIDE * SIDE), slopes.subarray(SIDE * SIDE)];
      const means = rows.map((row) => row.reduce((sum, x) => sum + x, 0) / row.length);
      const product = (a: number, b: number): number =>
        rows[a]!.reduce((sum, x, index) => sum + (x - means[a]!) * (rows[b]![index]! - means[b]!), 0);
      const correlation = product(0, 1) / Math.sqrt(product(0, 0) * product(1, 1));
      const byHand = -[1 + correlation, 1 - correlation].reduce(
        (sum, value) => sum + Math.log(value + 1e-5) + 1 / (value + 1e-5),
        0,
      );
      expect(jacobianCovariance(smooth, state, batchOf(noisy), { size: 2, side: SIDE })).toBeCloseTo(byHand, 2);
    });
  });

  it("is highest for rows at right angles, low for like ones, and no number for a row without change", () => {
    const sine = (waves: number): Float32Array =>
      Float32Array.from({ length: 64 }, (_, index) => Math.sin((2 * Math.PI * waves * index) / 64));
    expect(scoreJacobian([sine(1), sine(2), sine(3)])).toBeCloseTo(-3, 3);
    expect(scoreJacobian([sine(1), sine(1)])).toBeLessThan(-90_000);
    expect(scoreJacobian([sine(1), new Float32Array(64)])).toBeNaN();
  });

  it("leaves no tensor", async () => {
    const run = (): number =>
      withState(SMALL_PLAN, (state) => jacobianCovariance(kernels, state, batchOf(noisy), { size: 2, side: SIDE }));
    expect(await countLeaks(run)).toBe(0);
  });
});

describe("eigenvalues of a symmetric matrix", () => {
  it("are those worked out by hand, the largest first", () => {
    const [a, b, c] = symmetricEigenvalues([
      [2, -1, 0],
      [-1, 2, -1],
      [0, -1, 2],
    ]);
    expect([a, b, c].map((value) => Number(value!.toFixed(12)))).toEqual(
      [2 + Math.SQRT2, 2, 2 - Math.SQRT2].map((value) => Number(value.toFixed(12))),
    );
    expect(symmetricEigenvalues([[3]])).toEqual([3]);
  });
});
