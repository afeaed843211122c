import type { Tensor } from "@tensorflow/tfjs-core";

import { MOVES, channelsOfLevel, levelCountOfLayer, routersOf } from "#shared/space/spaces/widths/widthLevels.ts";
import type { SearchSpace } from "#shared/space/spaces/widths/searchSpace.ts";

import { paddedChannels } from "#main/compute/layers/channelPadding.ts";
import { batchNorm } from "#main/compute/layers/batchNorm.ts";
import { subtract } from "#main/compute/layers/combine.ts";
import { convolve } from "#main/compute/layers/convolution.ts";
import { leakyRelu } from "#main/compute/layers/leakyRelu.ts";
import { parameterOf } from "#main/compute/layers/parameters.ts";
import { recompute } from "#main/compute/layers/recompute.ts";
import type { Tape, Value } from "#main/compute/layers/tape.ts";
import { OP_TABLE } from "#main/compute/ops/opTable.ts";

import type { ArchLeaves } from "./archLeaves.ts";
import { decode } from "./decoder.ts";
import { opWeightName } from "./mixedEdges.ts";
import type { CellInputs } from "./mixedEdges.ts";
import { searchCell } from "./searchCell.ts";
import { edgesByState } from "./stateEdges.ts";
import { cellPrefix, isWidened, routerName, sourceLevels } from "./structure.ts";
import { mixRoutes } from "./widthRouter.ts";

/** What one pass through the supernet works with. */
export interface SupernetPass {
  readonly tape: Tape;
  readonly space: SearchSpace;
  readonly parameters: ReadonlyMap<string, Value<Tensor>>;
  readonly arch: ArchLeaves;
  /** Recompute each cell in the backward walk instead of remembering its insides. */
  readonly recompute: boolean;
}

/** What the layer before left behind, by width level: cell outputs and the mixed inputs it used. */
interface LayerState {
  readonly outputs: readonly Value[];
  readonly inputs: readonly Value[];
}

/**
 * Denoises `[B, H, W, 1]` with the whole search space at once: stem, then per layer and width level a mixed input and one
 * cell, then a decoder whose noise estimate is subtracted from the input (science notes 1.2 to 1.4). Height and width
 * never change. Batch norms use the statistics of this batch.
 */
export function runSupernet(pass: SupernetPass, noisy: Value): Value {
  const { tape, parameters } = pass;
  const outputs = runLayers(pass, noisy);
  return tape.scope(() => subtract(tape, noisy, decode(tape, outputs, parameters)));
}

/** Runs stem and layers on `[B, H, W, 1]` and returns the last layer's cell outputs, one per width level, as the decoder gets them. */
export function runLayers(pass: SupernetPass, noisy: Value): readonly Value[] {
  let state = pass.tape.scope(() => runStem(pass, noisy));
  for (let layer = 0; layer < pass.space.layers; layer++) {
    state = runLayer(pass, layer, state);
  }
  return state.outputs;
}

function runStem({ tape, parameters }: SupernetPass, noisy: Value): LayerState {
  const first = batchNorm(tape, convolve(tape, noisy, parameterOf(parameters, "stem_1.conv")), { activate: true });
  const older = batchNorm(tape, convolve(tape, first, parameterOf(parameters, "stem_skip.conv")));
  const activated = leakyRelu(tape, first);
  const output = batchNorm(tape, convolve(tape, activated, parameterOf(parameters, "stem_2.conv")));
  return { outputs: [output], inputs: [older] };
}

function runLayer(pass: SupernetPass, layer: number, previous: LayerState): LayerState {
  const { tape, space } = pass;
  const levels = levelCountOfLayer(layer, space.widthFactors.length);
  const inputs: Value[] = [];
  const older: Value[] = [];
  const outputs: Value[] = [];
  for (let level = 0; level < levels; level++) {
    const input = tape.scope(() => mixInputs(pass, layer, level, previous.outputs));
    const s1 = isWidened(layer, level)
      ? tape.scope(() => widen(pass, level, older[level - 1]))
      : previous.inputs[level];
    if (s1 === undefined) {
      throw new Error(`supernet: layer ${layer} has no older input at width level ${level}`);
    }
    inputs.push(input);
    older.push(s1);
    outputs.push(runCell(pass, layer, level, s1, input));
  }
  return { outputs, inputs };
}

function mixInputs(pass: SupernetPass, layer: number, level: number, sources: readonly Value[]): Value {
  const { tape, space, parameters, arch } = pass;
  const channels = paddedChannels(channelsOfLevel(space, level));
  const routers = routersOf(space);
  const routes = sourceLevels(space, layer, level).flatMap((from) => {
    const source = sources[from];
    const router = routers.findIndex((candidate) => candidate.layer === layer && candidate.level === from);
    const move = MOVES[level - from + 1];
    if (source === undefined || move === undefined) {
      return [];
    }
    const filter = parameterOf(parameters, routerName(layer, from, level));
    return [{ source, filter, moveWeight: arch.moveScale(router, MOVES.indexOf(move), channels) }];
  });
  return mixRoutes(tape, routes);
}

function widen({ tape, parameters }: SupernetPass, level: number, narrower: Value | undefined): Value {
  if (narrower === undefined) {
    throw new Error(`supernet: width level ${level} has no narrower input to widen`);
  }
  return batchNorm(tape, convolve(tape, narrower, parameterOf(parameters, `widen_${level}.conv`)));
}

function runCell(pass: SupernetPass, layer: number, level: number, s1: Value, s0: Value): Value {
  const { tape, space } = pass;
  const inputs = cellInputs(pass, layer, level, s1, s0);
  if (!pass.recompute) {
    return tape.scope(() => searchCell(tape, space, inputs));
  }
  const names = [...inputs.keys()];
  return recompute(tape, [...inputs.values()], (inner, values) => {
    const renamed = new Map(names.map((name, index) => [name, values[index] as Value<Tensor>]));
    return searchCell(inner, space, renamed);
  });
}

/** Gathers what a cell reads, with names that no longer say which cell it is. */
function cellInputs(pass: SupernetPass, layer: number, level: number, s1: Value, s0: Value): CellInputs {
  const { space, parameters, arch } = pass;
  const channels = channelsOfLevel(space, level);
  const stored = paddedChannels(channels);
  const inputs = new Map<string, Value<Tensor>>([
    ["s1", s1],
    ["s0", s0],
  ]);
  const prefix = `${cellPrefix(layer, level)}.`;
  for (const { from, edges } of edgesByState(space.nodes)) {
    for (const [index, primitive] of space.primitives.entries()) {
      const op = OP_TABLE[primitive];
      if (op.kind === "identity") {
        inputs.set(opWeightName(from, primitive), arch.copyFilter(layer, edges, index, stored));
      } else if (op.kind === "computed") {
        inputs.set(opWeightName(from, primitive), arch.opScale(layer, edges, index, stored));
        for (const { name } of op.parameters(channels)) {
          const relative = `from_${from}.${primitive}.${name}`;
          inputs.set(relative, parameterOf(parameters, prefix + relative));
        }
      }
    }
  }
  return inputs;
}
