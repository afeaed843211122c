import type { Tensor, Tensor1D } from "@tensorflow/tfjs-core";

import { assertNever } from "#shared/assertNever.ts";
import { at } from "#shared/at.ts";
import { type ExecutionStep, planExecution, rememberedValues } from "#shared/space/graph/execution.ts";
import { biasName, firstInputOf } from "#shared/space/graph/graphParameters.ts";
import {
  formOfNode,
  type GraphNode,
  type NetworkGraph,
  type ValueForm,
  valueForms,
} from "#shared/space/graph/networkGraph.ts";
import { countChannels } from "#shared/space/graph/parameters.ts";
import type { Crop, Trimming } from "#shared/space/graph/trimming.ts";

import { add, addBias, concatenate, subtract } from "#main/compute/layers/combine.ts";
import { convolve, convolveDepthwise } from "#main/compute/layers/convolution.ts";
import { convolveDeformable } from "#main/compute/layers/deformable.ts";
import { enlarge } from "#main/compute/layers/enlarge.ts";
import { leakyRelu } from "#main/compute/layers/leakyRelu.ts";
import { parameterOf } from "#main/compute/layers/parameters.ts";
import { convolveSeparable } from "#main/compute/layers/separable.ts";
import { depthToSpace, spaceToDepth } from "#main/compute/layers/spaceToDepth.ts";
import type { ForwardTape, Value } from "#main/compute/layers/tape.ts";

import type { Normalise } from "./normalise.ts";

/** A network graph with all that can be said of its run beforehand. */
export interface PreparedGraph {
  readonly steps: readonly ExecutionStep[];
  readonly output: string;
  readonly forms: ReadonlyMap<string, ValueForm>;
  /** Values that the way back of a training reads. */
  readonly remembered: ReadonlySet<string>;
}

/** Crops what covers one area of a tile to another. */
export type Trim = (x: Value, crop: Crop) => Value;

/** What one pass through a network works with. */
export interface GraphPass {
  readonly tape: ForwardTape;
  readonly network: PreparedGraph;
  readonly parameters: ReadonlyMap<string, Value<Tensor>>;
  /** How batch norms are computed; null for a graph without any. */
  readonly normalise: Normalise | null;
  /** Where tiles are trimmed; a training has none. */
  readonly trimming?: { readonly plan: Trimming; readonly trim: Trim };
}

/** Works out once what every run of a graph needs. */
export function prepareGraph(graph: NetworkGraph): PreparedGraph {
  return {
    steps: planExecution(graph),
    output: graph.output,
    forms: valueForms(graph),
    remembered: rememberedValues(graph),
  };
}

/**
 * Runs a network on its planes by name, `[B, H, W, C]` each, which stay the caller's, and returns the output's value. Every
 * value is freed after its last reader, except those that a recording tape reads on its way back. Throws where a plane that
 * the network reads is not among the given ones.
 */
export function runGraph(pass: GraphPass, planes: ReadonlyMap<string, Value>): Value {
  const { tape, network } = pass;
  checkPlanes(network, planes);
  const values = new Map(planes);
  for (const step of network.steps) {
    const [node] = step.nodes;
    if (node.kind !== "input") {
      const inputs = node.inputs.map((name) => valueOf(values, name));
      values.set(
        step.value,
        tape.scope(() => trimValue(pass, step.value, runStep(pass, step, trimInputs(pass, node, inputs)))),
      );
    }
    free(pass, step, values, planes);
  }
  return valueOf(values, network.output);
}

function checkPlanes({ steps }: PreparedGraph, planes: ReadonlyMap<string, Value>): void {
  for (const { nodes } of steps) {
    const [{ kind, name }] = nodes;
    if (kind === "input" && !planes.has(name)) {
      throw new Error(`network: the plane ${name} must be given, got ${[...planes.keys()].join(", ") || "none"}`);
    }
  }
}

function valueOf(values: ReadonlyMap<string, Value>, name: string): Value {
  const value = values.get(name);
  if (value === undefined) throw new Error(`network: no value named ${name} is there`);
  return value;
}

/** Planes are not freed: they are the caller's. */
function free(
  { tape, network }: GraphPass,
  { lastReads }: ExecutionStep,
  values: Map<string, Value>,
  planes: ReadonlyMap<string, Value>,
): void {
  for (const name of lastReads) {
    if (!planes.has(name) && !(tape.isRecording && network.remembered.has(name))) {
      tape.discard([valueOf(values, name)]);
    }
    values.delete(name);
  }
}

function trimInputs({ trimming }: GraphPass, { name }: GraphNode, inputs: readonly Value[]): readonly Value[] {
  const crops = trimming?.plan.before.get(name);
  if (trimming === undefined || crops === undefined) return inputs;
  return inputs.map((input, index) => {
    const crop = crops[index] ?? null;
    return crop === null ? input : trimming.trim(input, crop);
  });
}

function trimValue({ trimming }: GraphPass, name: string, value: Value): Value {
  const crop = trimming?.plan.after.get(name);
  return trimming === undefined || crop === undefined ? value : trimming.trim(value, crop);
}

/** A norm with its activation, a depthwise with its pointwise convolution, or one node. */
function runStep(pass: GraphPass, { nodes }: ExecutionStep, inputs: readonly Value[]): Value {
  const [node, reader] = nodes;
  const x = at(inputs, 0, `inputs of ${node.name}`);
  if (node.kind === "norm") return normalise(pass, x, node.name, reader !== undefined);
  if (reader === undefined) return runNode(pass, node, x, inputs);
  const { tape, parameters } = pass;
  const [spread, mix] = [parameterOf(parameters, node.name), parameterOf(parameters, reader.name)];
  return convolveSeparable(tape, x, spread, mix, node.kind === "depthwise" ? node.dilation : 1);
}

function normalise({ normalise: apply }: GraphPass, x: Value, name: string, activate: boolean): Value {
  if (apply === null) throw new Error(`network: ${name} is a batch norm, in a graph that should have none`);
  return apply(x, name, activate);
}

function runNode(pass: GraphPass, node: GraphNode, x: Value, inputs: readonly Value[]): Value {
  const { tape, parameters } = pass;
  switch (node.kind) {
    case "convolution":
      return convolve(tape, x, parameterOf(parameters, node.name), node.dilation);
    case "deformable": {
      const { dilation, limitPx } = node;
      const channels = countChannels(formOfNode(pass.network.forms, firstInputOf(node)).channels);
      const values = { x, map: at(inputs, 1, `inputs of ${node.name}`), filter: parameterOf(parameters, node.name) };
      return convolveDeformable(tape, values, { dilation, limitPx, channels });
    }
    case "depthwise":
      return convolveDepthwise(tape, x, parameterOf(parameters, node.name), node.dilation);
    case "norm":
      return normalise(pass, x, node.name, false);
    case "bias":
      return addBias(tape, x, parameterOf<Tensor1D>(parameters, biasName(node.name)));
    case "activation":
      return leakyRelu(tape, x);
    case "add":
      return add(tape, inputs);
    case "concat":
      return concatenate(tape, inputs);
    case "subtract":
      return subtract(tape, x, at(inputs, 1, `inputs of ${node.name}`));
    case "unshuffle":
      return spaceToDepth(tape, x, node.block);
    case "shuffle":
      return depthToSpace(tape, x, node.block);
    case "enlarge":
      return enlarge(tape, x);
    case "input":
      throw new Error(`network: the plane ${node.name} is given, never computed`);
    default:
      return assertNever(node);
  }
}
