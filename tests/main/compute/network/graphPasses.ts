import * as tf from "@tensorflow/tfjs-core";
import type { Tensor4D } from "@tensorflow/tfjs-core";

import type { TrainingKernels } from "#main/compute/kernels/kernels.ts";
import { countStored, openParameters } from "#main/compute/layers/parameters.ts";
import { Tape, type Value } from "#main/compute/layers/tape.ts";
import { trainingNormalise } from "#main/compute/network/normalise.ts";
import { prepareGraph, runGraph } from "#main/compute/network/runGraph.ts";
import { StatisticsCollector } from "#main/compute/network/statistics.ts";
import { inputPlanes } from "#shared/space/graph/frame.ts";
import { graphNorms, graphParameters, graphStatistics } from "#shared/space/graph/graphParameters.ts";
import type { NetworkGraph } from "#shared/space/graph/networkGraph.ts";
import type { AnyNetworkPlan } from "#shared/space/spaces/spaces.ts";

import { drawTensor } from "#tests/helpers/drawTensor.ts";

/** Batch, height and width of what a network is given. */
export type Size = readonly [number, number, number];

/** Draws the planes that a network reads, by name; the caller disposes them. */
export function drawPlanes(plan: AnyNetworkPlan, size: Size): Map<string, Tensor4D> {
  return new Map(
    inputPlanes(plan).map(({ name, channels }, index) => [name, drawTensor([...size, channels], 1 + index)]),
  );
}

/** Makes leaves of planes. */
export function openLeaves(tape: Tape, planes: ReadonlyMap<string, Tensor4D>): Map<string, Value> {
  return new Map([...planes].map(([name, tensor]) => [name, tape.leaf(tensor, false)]));
}

/** Runs a graph with the statistics of the batch; returns the output and the statistics that a training would take in. */
export function predict(
  kernels: TrainingKernels,
  graph: NetworkGraph,
  planes: ReadonlyMap<string, Tensor4D>,
  parameters: Float32Array,
): { output: Float32Array; statistics: Float32Array } {
  const gathered = new StatisticsCollector();
  return tf.tidy(() => {
    const tape = new Tape(kernels, true);
    const { values } = openParameters(tape, graphParameters(graph), tf.tensor1d(parameters), false);
    const normalise = trainingNormalise(tape, graphNorms(graph), values, gathered);
    const pass = { tape, network: prepareGraph(graph), parameters: values, normalise };
    const output = runGraph(pass, openLeaves(tape, planes)).tensor.dataSync();
    const specs = graphStatistics(graph);
    const statistics = gathered.join(specs, tf.zeros<tf.Rank.R1>([countStored(specs)])).dataSync();
    return { output: Float32Array.from(output), statistics: Float32Array.from(statistics) };
  });
}

/** Runs a graph without norms. */
export function predictFolded(
  kernels: TrainingKernels,
  graph: NetworkGraph,
  planes: ReadonlyMap<string, Tensor4D>,
  parameters: Float32Array,
): Float32Array {
  return tf.tidy(() => {
    const tape = new Tape(kernels, false);
    const { values } = openParameters(tape, graphParameters(graph), tf.tensor1d(parameters), false);
    const pass = { tape, network: prepareGraph(graph), parameters: values, normalise: null };
    return Float32Array.from(runGraph(pass, openLeaves(tape, planes)).tensor.dataSync());
  });
}

/** A pass that remembers what the way back needs; `close` frees it. */
export function openTrainingPass(
  kernels: TrainingKernels,
  graph: NetworkGraph,
  planes: ReadonlyMap<string, Tensor4D>,
  parameters: Float32Array,
) {
  const flat = tf.tensor1d(parameters);
  const tape = new Tape(kernels, true);
  const opened = openParameters(tape, graphParameters(graph), flat, true);
  const statistics = new StatisticsCollector();
  const normalise = trainingNormalise(tape, graphNorms(graph), opened.values, statistics);
  const pass = { tape, network: prepareGraph(graph), parameters: opened.values, normalise };
  return {
    tape,
    opened,
    forward: (): Value => runGraph(pass, openLeaves(tape, planes)),
    close: (): void => {
      opened.close();
      statistics.dispose();
      tape.dispose();
      flat.dispose();
    },
  };
}

/** Runs a graph, walks back from the output's gradient `seed`, and frees all that was made. */
export function walkBack(
  kernels: TrainingKernels,
  graph: NetworkGraph,
  planes: ReadonlyMap<string, Tensor4D>,
  parameters: Float32Array,
  seed: Float32Array,
): Float32Array {
  const { tape, opened, forward, close } = openTrainingPass(kernels, graph, planes, parameters);
  const output = forward();
  tape.backward(output, tf.tensor4d(seed, output.tensor.shape));
  const gradient = opened.takeGradient();
  const numbers = Float32Array.from(gradient.dataSync());
  close();
  gradient.dispose();
  return numbers;
}
