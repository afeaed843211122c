import type { Tensor } from "@tensorflow/tfjs-core";

import type { FilterStage, PrimitiveSpec } from "#shared/space/cells/primitives.ts";

import { convolve, convolveDepthwise } from "#main/compute/layers/convolution.ts";
import { convolveSeparable } from "#main/compute/layers/separable.ts";
import type { Tape, Value } from "#main/compute/layers/tape.ts";

import { blockDiagonal, type RowGrouping } from "./blockDiagonal.ts";
import { deformableEdges } from "./deformableEdges.ts";

/** What a primitive reads and calls while it runs for all edges that leave one state. */
export interface PrimitiveContext {
  readonly tape: Tape;
  /** The state through the leaky ReLU, `[B, H, W, C]`: computed once per state, not once per primitive. */
  readonly activated: Value;
  readonly parameter: (name: string) => Value<Tensor> & Value;
  /** Batch norm, then leaky ReLU, inside the primitive; `name` is one of its norms. */
  /** Channels of the cell, without padding. */
  readonly channels: number;
  /** How far the taps of deformable filters may move, in pixels. */
  readonly offsetLimitPx: number;
  readonly normaliseAndActivate: (x: Value, name: string) => Value;
}

type ComputedSpec = Extract<PrimitiveSpec, { kind: "computed" }>;

/**
 * Runs a primitive up to, but not including, its last batch norm, which belongs to whoever sums the edges: `[B, H, W, edges * C]`,
 * grouped by edge. A depthwise convolution and the pointwise one after it are one step that remembers nothing between. Throws
 * for a primitive that begins with two depthwise convolutions.
 */
export function runPrimitive({ stages }: ComputedSpec, context: PrimitiveContext): Value {
  const { tape, parameter, normaliseAndActivate } = context;
  let x = context.activated;
  // How the channels of `x` are grouped once there are several edges in it; the state is shared by all.
  let grouping: RowGrouping | "shared" = "shared";
  let waiting: Value | null = null;
  for (const [index, stage] of stages.entries()) {
    if (stage.kind === "deformable") {
      const { channels, offsetLimitPx: limitPx } = context;
      x = deformableEdges(tape, x, stage, { channels, limitPx }, parameter);
      grouping = "edge";
      if (stage.norm !== null && index < stages.length - 1) x = normaliseAndActivate(x, stage.norm);
      continue;
    }
    const filter = parameter(stage.name);
    if (stage.kind === "depthwise") {
      // The first one lays the edges of a channel side by side, the second one reads the channels of an edge side by side.
      if (grouping === "input_channel") {
        throw new Error(`primitive: ${stage.name} must come after a convolution, got only depthwise ones before it`);
      }
      // More filters for each channel of the shared state: all edges of a channel come side by side.
      grouping = grouping === "shared" ? "input_channel" : grouping;
      if (isJoined(stage, stages[index + 1])) {
        waiting = filter;
        continue;
      }
      x = convolveDepthwise(tape, x, filter, stage.dilation);
    } else {
      const full = grouping === "shared" ? filter : blockDiagonal(tape, filter, grouping);
      x = waiting === null ? convolve(tape, x, full, stage.dilation) : convolveSeparable(tape, x, waiting, full);
      waiting = null;
      grouping = "edge";
    }
    if (stage.norm !== null && index < stages.length - 1) x = normaliseAndActivate(x, stage.norm);
  }
  return x;
}

/** Whether a depthwise convolution runs together with the pointwise one after it. */
function isJoined({ norm, dilation }: FilterStage, next: FilterStage | undefined): boolean {
  return norm === null && dilation === 1 && next?.kind === "convolution" && next.side === 1;
}
