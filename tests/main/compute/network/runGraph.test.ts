import * as tf from "@tensorflow/tfjs-core";
import type { Tensor } from "@tensorflow/tfjs-core";
import { describe, expect, it } from "vitest";

import { startEngine } from "#main/compute/engine/engine.ts";
import { LEAKY_SLOPE, type Shape4D } from "#main/compute/kernels/kernels.ts";
import { PortableKernels } from "#main/compute/kernels/portableKernels.ts";
import { batchNorm } from "#main/compute/layers/batchNorm.ts";
import { checkGradient } from "#main/compute/layers/gradientCheck.ts";
import { Tape, type Value } from "#main/compute/layers/tape.ts";
import { prepareGraph, runGraph } from "#main/compute/network/runGraph.ts";
import type { Genotype } from "#shared/space/cells/genotype.ts";
import { rememberedValues } from "#shared/space/graph/execution.ts";
import { graphNorms, graphParameters } from "#shared/space/graph/graphParameters.ts";
import { type GraphNode, liveNodes, type NetworkGraph } from "#shared/space/graph/networkGraph.ts";
import { buildNetworkGraph } from "#shared/space/spaces/spaces.ts";
import { planNetwork } from "#shared/space/spaces/networkPlan.ts";

import { largestDifference } from "#tests/helpers/arrays.ts";
import { drawNumbers, drawTensor } from "#tests/helpers/drawTensor.ts";
import { findWrongSlopes } from "#tests/helpers/finiteDifferences.ts";
import { largestPadding, maskOf, partsOf } from "#tests/helpers/parameterParts.ts";
import { makeSmoothKernels } from "#tests/helpers/smoothKernels.ts";
import { countLeaks } from "#tests/helpers/tensors.ts";

import { drawPlanes, openTrainingPass, predict, walkBack } from "./graphPasses.ts";
import { FRAMES, MIXED_GENOTYPE, MIXED_PLAN, U_GENOTYPE, drawNetwork } from "./tinyNetwork.ts";

const { kernels } = await startEngine();

/** The mixed network, and narrower ones with all that a frame can be; a U, and networks without norms. */
const plans = [
  { name: "the published frame", plan: MIXED_PLAN },
  ...FRAMES.map((frame) => ({
    name: JSON.stringify(frame),
    plan: planNetwork(MIXED_GENOTYPE, {
      filters: 2,
      stemChannels: 8,
      endpointChannels: 5,
      decoderChannels: 7,
      ...frame,
    }),
  })),
  ...(["batch", "none"] as const).map((normalisation) => ({
    name: `a U, normalisation ${normalisation}`,
    plan: planNetwork(U_GENOTYPE, { filters: 2, stemChannels: 5, imageChannels: 3, noiseMap: true, normalisation }),
  })),
  { name: "no norms", plan: planNetwork(MIXED_GENOTYPE, { filters: 2, stemChannels: 8, normalisation: "none" }) },
];
const SIZE = [2, 8, 10] as const;

describe.each(plans)("runGraph with $name", ({ plan }) => {
  const graph = buildNetworkGraph(plan);
  const specs = graphParameters(graph);
  const { parameters } = drawNetwork(plan);
  const planes = drawPlanes(plan, SIZE);
  const seed = drawNumbers(SIZE[0] * SIZE[1] * SIZE[2] * plan.imageChannels, 9);

  it("sends the right gradient of every parameter", async () => {
    const smooth = await makeSmoothKernels();
    const claim = {
      at: parameters,
      gradient: walkBack(smooth, graph, planes, parameters, seed),
      objective: (at: Float32Array) =>
        predict(smooth, graph, planes, at).output.reduce((sum, value, i) => sum + value * (seed[i] ?? 0), 0),
      step: 3e-3,
    };
    expect(findWrongSlopes(claim, partsOf(specs), maskOf(specs), 2e-2)).toEqual([]);
  });

  it("keeps channels that only fill up at zero: no gradient reaches them", () => {
    const gradient = walkBack(kernels, graph, planes, parameters, seed);
    expect(largestPadding(specs, gradient)).toBe(0);
    expect(Math.max(...gradient)).toBeGreaterThan(0);
  });

  it("gives the same picture on the portable kernels, in the size of the noisy one", () => {
    const { output } = predict(kernels, graph, planes, parameters);
    expect(output.length).toBe(seed.length);
    const portable = predict(new PortableKernels(), graph, planes, parameters).output;
    expect(largestDifference(output, portable)).toBeLessThan(1e-4);
  });

  it("leaves no tensor behind", async () => {
    expect(await countLeaks(() => walkBack(kernels, graph, planes, parameters, seed))).toBe(0);
    expect(await countLeaks(() => predict(kernels, graph, planes, parameters))).toBe(0);
  });

  it("remembers for the way back only what that reads", () => {
    const live = new Set(liveNodes(graph).map(({ name }) => name));
    const norms = graphNorms(graph).filter(({ name }) => live.has(name));
    const owned = new Set([...rememberedValues(graph), graph.output].filter((name) => !planes.has(name)));
    const savedByNorm = tf.tidy(() => {
      const [x, ones] = [tf.ones<tf.Rank.R4>([1, 2, 2, 4]), tf.ones<tf.Rank.R1>([4])];
      return kernels.batchNorm(x, ones, ones).saved.length;
    });
    // Besides the values: what each norm saves, and its mean and variance, which go to the running statistics.
    const expected = norms.reduce((sum, { isAffine }) => sum + savedByNorm + 2 + (isAffine ? 0 : 2), owned.size);
    countRemembered(); // The engine keeps constants that it meets for the first time.
    expect(countRemembered()).toBe(expected);
    expect(owned.size).toBeLessThan(0.7 * live.size);
  });

  /** How many tensors the way forward leaves. */
  function countRemembered(): number {
    const { forward, close } = openTrainingPass(kernels, graph, planes, parameters);
    const before = tf.memory().numTensors;
    forward();
    const remembered = tf.memory().numTensors - before;
    close();
    return remembered;
  }
});

describe("runGraph on the cells of a network", () => {
  const CHANNELS = 4;
  const STATE: Shape4D = [2, 7, 8, CHANNELS];

  /** A cell by itself: its two scaled inputs are given. */
  function cellGraph(genotype: Genotype, layer: number, output: (prefix: string) => string): NetworkGraph {
    const prefix = `layer_${layer}`;
    const part = buildNetworkGraph(planNetwork(genotype, { filters: CHANNELS })).nodes.filter(
      (node) => node.part === prefix,
    );
    const nodes = part.filter(({ name }) => !name.startsWith(`${prefix}.scale_`) || name.endsWith(".active"));
    const states = ["scale_s1", "scale_s0"].map((name): GraphNode => {
      return { name: `${prefix}.${name}.bn`, part: prefix, inputs: [], kind: "input", channels: CHANNELS };
    });
    return { nodes: [...states, ...nodes], output: output(prefix) };
  }

  function run(tape: Tape, graph: NetworkGraph, values: readonly Value<Tensor>[]): Value {
    const [s1, s0, ...rest] = values;
    const prefix = graph.nodes[0]!.part;
    const specs = filtersOf(graph);
    const pass = {
      tape,
      network: prepareGraph(graph),
      parameters: new Map(specs.map(({ name }, index) => [name, rest[index]!])),
      normalise: (x: Value, _name: string, activate: boolean): Value => batchNorm(tape, x, { activate }),
    };
    const planes = [s1, s0].map((value, i): [string, Value] => [`${prefix}.scale_s${1 - i}.bn`, value as Value]);
    return runGraph(pass, new Map(planes));
  }

  const filtersOf = (graph: NetworkGraph) => graphParameters(graph).filter(({ shape }) => shape.length === 4);

  /** Both inputs of a cell, and then its filters. */
  function drawInputs(graph: NetworkGraph): Tensor[] {
    const filters = filtersOf(graph).map(({ shape, initialisation }, index) => {
      const fanIn = typeof initialisation === "object" ? initialisation.fanIn : 1;
      return drawTensor(shape as unknown as Shape4D, 10 + index, 1 / Math.sqrt(fanIn));
    });
    return [drawTensor(STATE, 1), drawTensor(STATE, 2), ...filters];
  }

  it.each([0, 1])("sends the right gradient of both inputs and every filter of cell %d", async (layer) => {
    const narrow = { ...MIXED_GENOTYPE, widthFactors: [1, 1.001] };
    const smooth = await makeSmoothKernels();
    const ends = layer === 0 ? (["raw", "active"] as const) : (["active"] as const);
    for (const end of ends) {
      const graph = cellGraph(narrow, layer, (prefix) => `${prefix}.${end}`);
      const tensors = drawInputs(graph);
      expect(checkGradient(smooth, tensors, (tape, values) => run(tape, graph, values))).toBeLessThan(1e-2);
      tf.dispose(tensors);
    }
  });

  it("gives a node that only skips the sum of the states it reads", () => {
    const skip = { from: "s0", primitive: "skip_connect" } as const;
    const cell = { nodes: [[skip, { ...skip, from: "s1" as const }]] };
    const genotype = { ...MIXED_GENOTYPE, cells: [cell, cell] };
    tf.tidy(() => {
      const tape = new Tape(kernels, false);
      const states = [1, 2].map((seed) => tape.leaf(drawTensor(STATE, seed), false));
      const sum = tf.add(states[0]!.tensor, states[1]!.tensor);
      const node = run(
        tape,
        cellGraph(genotype, 0, (prefix) => `${prefix}.node_0`),
        states,
      );
      expect(largestDifference(node.tensor.dataSync(), sum.dataSync())).toBe(0);
      const active = run(
        tape,
        cellGraph(genotype, 0, (prefix) => `${prefix}.active`),
        states,
      );
      expect(largestDifference(active.tensor.dataSync(), tf.leakyRelu(sum, LEAKY_SLOPE).dataSync())).toBeLessThan(1e-7);
    });
  });

  it.each([true, false])("leaves no tensor behind, recording %s", async (isRecording) => {
    const graph = cellGraph(MIXED_GENOTYPE, 0, (prefix) => `${prefix}.active`);
    const measure = (): void => {
      const tensors = drawInputs(graph);
      const tape = new Tape(kernels, isRecording);
      const output = run(
        tape,
        graph,
        tensors.map((tensor) => tape.leaf(tensor, true)),
      );
      expect(tensors.every(({ isDisposed }) => !isDisposed)).toBe(true);
      if (isRecording) tape.backward(output, tf.onesLike(output.tensor));
      tape.dispose();
      tf.dispose([...tensors, output.tensor]);
    };
    expect(await countLeaks(measure)).toBe(0);
  });

  it("refuses to run without a plane, and a norm where there should be none", () => {
    const graph = cellGraph(MIXED_GENOTYPE, 0, (prefix) => `${prefix}.active`);
    tf.tidy(() => {
      const tape = new Tape(kernels, false);
      const pass = { tape, network: prepareGraph(graph), parameters: new Map(), normalise: null };
      expect(() => runGraph(pass, new Map())).toThrow("the plane layer_0.scale_s1.bn must be given, got none");
      const [given] = graph.nodes;
      const norm = { name: "n", part: "", inputs: [given!.name], kind: "norm", isAffine: false } as const;
      const network = prepareGraph({ nodes: [given!, norm], output: "n" });
      const planes = new Map([[given!.name, tape.leaf(drawTensor(STATE, 1), false)]]);
      expect(() => runGraph({ ...pass, network }, planes)).toThrow("n is a batch norm");
    });
  });
});
