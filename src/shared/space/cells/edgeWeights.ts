import { countNodes, incomingEdgeCount } from "./cellGraph.ts";
import { softmax } from "./softmax.ts";

/** Returns what the edges of a cell weigh among those into the same node (PC-DARTS), 0..1, from their logits [edges]. */
export function toEdgeWeights(logits: readonly number[]): number[] {
  const weights: number[] = [];
  for (let node = 0; node < countNodes(logits.length); node++) {
    weights.push(...softmax(logits.slice(weights.length, weights.length + incomingEdgeCount(node))));
  }
  return weights;
}
