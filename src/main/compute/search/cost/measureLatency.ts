import * as tf from "@tensorflow/tfjs-core";
import type { Tensor4D } from "@tensorflow/tfjs-core";

import { PLANES } from "#shared/space/graph/frame.ts";
import { GraphDraft } from "#shared/space/graph/graphDraft.ts";
import { foldGraph, graphParameters } from "#shared/space/graph/graphParameters.ts";
import type { LatencyRequest } from "#shared/space/graph/latencyTable.ts";
import type { NetworkGraph } from "#shared/space/graph/networkGraph.ts";
import { addEdge } from "#shared/space/spaces/addCell.ts";

import type { CompiledForward, InputPlane, TrainingKernels } from "#main/compute/kernels/kernels.ts";
import { initialiseParameters, openParameters } from "#main/compute/layers/parameters.ts";
import { Tape } from "#main/compute/layers/tape.ts";
import { prepareGraph, runGraph } from "#main/compute/network/runGraph.ts";

/** Rounds before those that count, and rounds that count; of each graph the median does. */
const WARM_UP = 2;
const ROUNDS = 9;

/** A part is timed by how much longer a graph with more of them takes, so that what a run costs by itself falls out. */
const FEW = 2;
const MANY = 6;

/** Batch norms are folded: the farthest move of a deformable tap changes no time. */
const OFFSET_LIMIT_PX = 2;

/** How latencies are timed. */
export interface Timing {
  /** Of the picture. */
  readonly sidePx: number;
  /** Milliseconds since whenever; by the wall's clock where nothing else is given. */
  readonly now?: () => number;
}

/** Measures how many milliseconds a part of a network takes for a picture. */
export function measureLatency(kernels: TrainingKernels, request: LatencyRequest, timing: Timing): number {
  if (request.kind === "network") {
    const [ms = 0] = timeGraphs(kernels, [request.graph], timing);
    return ms;
  }
  const [few = 0, many = 0] = timeGraphs(
    kernels,
    [FEW, MANY].map((count) => repeatPart(request, count)),
    { ...timing, sidePx: timing.sidePx / request.scale },
  );
  return Math.max(0, (many - few) / (MANY - FEW));
}

/**
 * Times graphs on a picture, in milliseconds: the median of several rounds, in each of which every graph runs once, so that a slow
 * moment of the computer falls on all of them.
 */
export function timeGraphs(
  kernels: TrainingKernels,
  graphs: readonly NetworkGraph[],
  { sidePx, now = () => performance.now() }: Timing,
): readonly number[] {
  const opened = graphs.map((graph) => ({ inputs: inputsOf(graph), forward: compile(kernels, graph) }));
  const times = opened.map((): number[] => []);
  try {
    for (let round = 0; round < WARM_UP + ROUNDS; round++) {
      for (const [index, { inputs, forward }] of opened.entries()) {
        const ms = timeOnce(forward, inputs, { sidePx, now });
        if (round >= WARM_UP) times[index]?.push(ms);
      }
    }
  } finally {
    for (const { forward } of opened) forward.dispose();
  }
  return times.map((each) => each.toSorted((a, b) => a - b)[Math.floor(each.length / 2)] ?? 0);
}

function timeOnce(forward: CompiledForward, inputs: readonly InputPlane[], { sidePx, now }: Required<Timing>): number {
  const planes = inputs.map(({ name, channels }): [string, Tensor4D] => [name, tf.ones([1, sidePx, sidePx, channels])]);
  const start = now();
  const output = forward.run(new Map(planes), []);
  output.dataSync();
  const ms = now() - start;
  tf.dispose([output, ...planes.map(([, plane]) => plane)]);
  return ms;
}

/** Prepares a graph with folded norms and weights as they begin; times do not depend on them. */
function compile(kernels: TrainingKernels, graph: NetworkGraph): CompiledForward {
  const folded = foldGraph(graph);
  const specs = graphParameters(folded);
  const network = prepareGraph(folded);
  const flat = tf.tensor1d(initialiseParameters(specs, 0));
  const { values, close } = openParameters(new Tape(kernels, false), specs, flat, false);
  const constants = new Map([...values].map(([name, { tensor }]) => [name, tensor]));
  try {
    return kernels.compile(
      (own, planes, given) => {
        const tape = new Tape(own, false);
        const parameters = new Map([...given].map(([name, tensor]) => [name, tape.leaf(tensor, false)]));
        const pictures = new Map([...planes].map(([name, tensor]) => [name, tape.leaf(tensor, false)]));
        return runGraph({ tape, network, parameters, normalise: null }, pictures).tensor;
      },
      constants,
      inputsOf(graph),
    );
  } finally {
    close();
    flat.dispose();
  }
}

function inputsOf({ nodes }: NetworkGraph): readonly InputPlane[] {
  return nodes.flatMap((node) => (node.kind === "input" ? [{ name: node.name, channels: node.channels }] : []));
}

/** Ops one after another; convolutions of one value side by side, added up as an activation would go over each. */
function repeatPart(request: Exclude<LatencyRequest, { kind: "network" }>, count: number): NetworkGraph {
  const draft = new GraphDraft();
  draft.begin("latency");
  const isOp = request.kind === "op";
  const x = draft.add(PLANES.noisy, [], { kind: "input", channels: isOp ? request.channels : request.input });
  const names = Array.from({ length: count }, (_, index) => `part_${index}`);
  if (request.kind === "op") {
    const { primitive } = request;
    const channels = { groups: 1, channels: request.channels };
    const place = { channels, offsetLimitPx: OFFSET_LIMIT_PX };
    const output = names.reduce(
      (raw, prefix) => addEdge(draft, { from: "s0", primitive }, { prefix, ...place, raw, active: raw }),
      x,
    );
    return { nodes: draft.nodes, output };
  }
  const { side, output: width } = request;
  const channels = { groups: 1, channels: width };
  const terms = names.map((prefix) => draft.convolve(prefix, x, { side, channels }));
  return { nodes: draft.nodes, output: draft.add("sum", terms, { kind: "add" }) };
}
