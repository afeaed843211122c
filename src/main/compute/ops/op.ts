import type { Tensor } from "@tensorflow/tfjs-core";

import type { ParameterSpec } from "#main/compute/layers/parameters.ts";
import type { ForwardTape, Value } from "#main/compute/layers/tape.ts";

/**
 * One parameter of an op that serves `edges` edges at once. The filters of the edges lie side by side along `edgeAxis`;
 * `edgeShape` is the part of one edge.
 */
export interface OpParameter {
  readonly name: string;
  readonly edgeShape: readonly [number, number, number, number];
  readonly edgeAxis: 0 | 2 | 3;
  /** The axes of `edgeShape` that run over the cell's channels. */
  readonly channelAxes: readonly (2 | 3)[];
  /** Inputs that one output sums over, for the initialisation. */
  readonly fanIn: number;
}

/** What an op reads and calls while it runs. */
export interface OpContext {
  readonly tape: ForwardTape;
  /** The state through the leaky ReLU, `[B, H, W, C]`: computed once per state, not once per op. */
  readonly activated: Value;
  /** How many edges leave the state through this op; 1 in a derived network. */
  readonly edges: number;
  readonly parameter: (name: string) => Value<Tensor> & Value;
  /** Batch norm, then leaky ReLU, inside the op; `name` is one of its norms. */
  readonly normaliseAndActivate: (x: Value, name: string) => Value;
}

/** A batch norm of an op by name, and the filter whose output it normalises. */
export interface OpNorm {
  readonly name: string;
  readonly filter: string;
}

/** A primitive that computes: everything up to, but not including, its last batch norm, `[B, H, W, edges * C]`. */
export interface ComputedOp {
  readonly kind: "computed";
  parameters(channels: number): readonly OpParameter[];
  /** In the order of their use; the last one belongs to whoever sums the op's output. */
  readonly norms: readonly [...OpNorm[], OpNorm];
  apply(context: OpContext): Value;
}

/** A primitive without computation: the state itself, or nothing. */
export interface PlainOp {
  readonly kind: "identity" | "zero";
}

export type Op = ComputedOp | PlainOp;

/** Describes the parameter `name` that holds `edges` edges side by side. */
export function fuseEdges(parameter: OpParameter, name: string, edges: number): ParameterSpec {
  const { edgeShape, edgeAxis, channelAxes, fanIn } = parameter;
  return {
    name,
    shape: edgeShape.map((length, axis) => (axis === edgeAxis ? length * edges : length)),
    channelAxes: channelAxes.map((axis) => ({
      axis,
      groups: axis === edgeAxis ? edges : 1,
      channels: edgeShape[axis],
    })),
    initialisation: { fanIn },
  };
}
