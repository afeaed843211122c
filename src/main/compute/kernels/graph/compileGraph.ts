import { dispose } from "@tensorflow/tfjs-core";
import type { Rank, Tensor, Tensor4D } from "@tensorflow/tfjs-core";

import type { CompiledForward, Forward, InputPlane } from "#main/compute/kernels/kernels.ts";

import { GraphBuilder } from "./graphBuilder.ts";
import { loadGraph } from "./loadGraph.ts";
import type { GraphBackend } from "./loadGraph.ts";
import { FLOAT } from "./savedModel.ts";
import { TracedKernels, nodeOf } from "./tracedKernels.ts";
import { WindowInputs } from "./windowInputs.ts";

/**
 * Compiles a computation on pictures of any size into a TensorFlow graph, which fuses convolutions with their bias and activation
 * and frees each tensor after its last reader. Throws LabError `engine` where the graph cannot be loaded.
 */
export function compileGraph(
  backend: GraphBackend,
  forward: Forward,
  constants: ReadonlyMap<string, Tensor>,
  inputs: readonly InputPlane[],
): CompiledForward {
  const graph = new GraphBuilder();
  const planes = inputs.map(({ name, channels }) => {
    return [name, graph.input<Rank.R4>(FLOAT, [-1, -1, -1, channels])] as const;
  });
  const known = [...constants].map(([name, tensor]) => {
    return [name, graph.constant(tensor.dataSync<"float32">(), tensor.shape)] as const;
  });
  const crops = new WindowInputs(graph);
  const output = nodeOf(forward(new TracedKernels(graph), new Map(planes), new Map(known), crops.window));
  const names = [...planes.map(([, plane]) => plane), ...crops.nodes].map(({ node }) => ({ name: `${node}:0` }));
  const id = loadGraph(backend, graph.nodes);
  return {
    run: (given, areas) => {
      const pictures = inputs.map(({ name }) => pictureOf(given, name));
      const windows = crops.fill(areas);
      const [y] = backend.runSavedModel(id, [...pictures, ...windows], names, [`${output.node}:0`]);
      dispose(windows);
      return y as Tensor4D;
    },
    dispose: () => {
      backend.deleteSavedModel(id);
    },
  };
}

function pictureOf(planes: ReadonlyMap<string, Tensor4D>, name: string): Tensor4D {
  const plane = planes.get(name);
  if (plane === undefined)
    throw new Error(`graph: expected a picture named ${name}, got ${[...planes.keys()].join(", ")}`);
  return plane;
}
