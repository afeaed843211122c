import type { Tensor } from "@tensorflow/tfjs-core";

import { at } from "#shared/at.ts";
import { specOf } from "#shared/space/cells/primitives.ts";
import { primitiveParameters } from "#shared/space/graph/primitiveParameters.ts";
import { inputPlanes, PLANES } from "#shared/space/graph/frame.ts";
import type { SearchSpace } from "#shared/space/spaces/searchSpace.ts";
import { type SupernetCell, supernetCells } from "#shared/space/spaces/widths/supernetCells.ts";

import { paddedChannels } from "#main/compute/layers/channelPadding.ts";
import { batchNorm } from "#main/compute/layers/batchNorm.ts";
import { concatenate, subtract } from "#main/compute/layers/combine.ts";
import { convolve } from "#main/compute/layers/convolution.ts";
import { leakyRelu } from "#main/compute/layers/leakyRelu.ts";
import { parameterOf } from "#main/compute/layers/parameters.ts";
import { recompute } from "#main/compute/layers/recompute.ts";
import { sigmoid } from "#main/compute/layers/sigmoid.ts";
import { depthToSpace, spaceToDepth } from "#main/compute/layers/spaceToDepth.ts";
import type { Tape, Value } from "#main/compute/layers/tape.ts";

import type { ArchLeaves } from "./archLeaves.ts";
import { decode } from "./decoder.ts";
import { opWeightName } from "./mixedEdges.ts";
import type { CellInputs } from "./mixedEdges.ts";
import { searchCell } from "./searchCell.ts";
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
 * Denoises planes by name, `[B, H, W, C]` each, with the whole search space at once: stem, then per layer and width level a
 * mixed input and one cell, then a decoder whose noise estimate is subtracted from the noisy picture (science notes 1.2 to
 * 1.4). Height and width never change but by the unshuffling at the door. Batch norms use the statistics of this batch.
 */
export function runSupernet(pass: SupernetPass, planes: ReadonlyMap<string, Value>): Value {
  const { tape, parameters, space } = pass;
  const outputs = runLayers(pass, planes);
  return tape.scope(() => {
    const small = decode(tape, outputs, parameters);
    const noise = space.unshuffle === 1 ? small : depthToSpace(tape, small, space.unshuffle);
    const denoised = subtract(tape, planeOf(planes, PLANES.noisy), noise);
    return space.output === "sigmoid" ? sigmoid(tape, denoised) : denoised;
  });
}

/** Runs stem and layers on the planes and returns the last layer's cell outputs, one per width level, as the decoder gets them. */
export function runLayers(pass: SupernetPass, planes: ReadonlyMap<string, Value>): readonly Value[] {
  const cells = supernetCells(pass.space);
  let state = pass.tape.scope(() => runStem(pass, planes));
  for (let layer = 0; layer < pass.space.layers; layer++) {
    state = runLayer(
      pass,
      cells.filter((cell) => cell.layer === layer),
      state,
    );
  }
  return state.outputs;
}

/** The planes that the stem reads, joined, and at half resolution where the space says so. */
function openDoor({ tape, space }: SupernetPass, planes: ReadonlyMap<string, Value>): Value {
  const read = inputPlanes(space).map(({ name }) => planeOf(planes, name));
  const joined = read.length === 1 ? at(read, 0, "planes") : concatenate(tape, read);
  return space.unshuffle === 1 ? joined : spaceToDepth(tape, joined, space.unshuffle);
}

function planeOf(planes: ReadonlyMap<string, Value>, name: string): Value {
  const plane = planes.get(name);
  if (plane === undefined) throw new Error(`supernet: the plane ${name} must be given`);
  return plane;
}

function runStem(pass: SupernetPass, planes: ReadonlyMap<string, Value>): LayerState {
  const { tape, parameters } = pass;
  const door = openDoor(pass, planes);
  const first = batchNorm(tape, convolve(tape, door, parameterOf(parameters, "stem_1.conv")), { activate: true });
  const older = batchNorm(tape, convolve(tape, first, parameterOf(parameters, "stem_skip.conv")));
  const activated = leakyRelu(tape, first);
  const output = batchNorm(tape, convolve(tape, activated, parameterOf(parameters, "stem_2.conv")));
  return { outputs: [output], inputs: [older] };
}

function runLayer(pass: SupernetPass, cells: readonly SupernetCell[], previous: LayerState): LayerState {
  const { tape } = pass;
  const inputs: Value[] = [];
  const older: Value[] = [];
  const outputs: Value[] = [];
  for (const cell of cells) {
    const input = tape.scope(() => mixInputs(pass, cell, previous.outputs));
    const { widen } = cell;
    const s1 =
      widen === null
        ? at(previous.inputs, cell.level, `older inputs of ${cell.prefix}`)
        : tape.scope(() => widenInput(pass, widen.filter, at(older, widen.from, `narrower input of ${cell.prefix}`)));
    inputs.push(input);
    older.push(s1);
    outputs.push(runCell(pass, cell, s1, input));
  }
  return { outputs, inputs };
}

function mixInputs(pass: SupernetPass, { prefix, channels, routes }: SupernetCell, sources: readonly Value[]): Value {
  const { tape, parameters, arch } = pass;
  const stored = paddedChannels(channels);
  const read = routes.map(({ from, router, move, filter }) => ({
    source: at(sources, from, `sources of ${prefix}`),
    filter: parameterOf(parameters, filter),
    moveWeight: arch.moveScale(router, move, stored),
  }));
  return mixRoutes(tape, read);
}

function widenInput({ tape, parameters }: SupernetPass, filter: string, narrower: Value): Value {
  return batchNorm(tape, convolve(tape, narrower, parameterOf(parameters, filter)));
}

function runCell(pass: SupernetPass, cell: SupernetCell, s1: Value, s0: Value): Value {
  const { tape, space } = pass;
  const inputs = cellInputs(pass, cell, s1, s0);
  if (!pass.recompute) {
    return tape.scope(() => searchCell(tape, space, inputs));
  }
  const names = [...inputs.keys()];
  return recompute(tape, [...inputs.values()], (inner, values) => {
    const renamed = new Map(names.map((name, index) => [name, at(values, index, `inputs of ${cell.prefix}`)]));
    return searchCell(inner, space, renamed);
  });
}

/** Gathers what a cell reads, with names that no longer say which cell it is. */
function cellInputs(pass: SupernetPass, cell: SupernetCell, s1: Value, s0: Value): CellInputs {
  const { space, parameters, arch } = pass;
  const { layer, channels, states } = cell;
  const stored = paddedChannels(channels);
  const inputs = new Map<string, Value<Tensor>>([
    ["s1", s1],
    ["s0", s0],
  ]);
  for (const { from, edges } of states) {
    for (const [index, primitive] of space.primitives.entries()) {
      const spec = specOf(primitive);
      if (spec.kind === "identity") {
        inputs.set(opWeightName(from, primitive), arch.copyFilter(layer, edges, index, stored));
      } else if (spec.kind === "computed") {
        inputs.set(opWeightName(from, primitive), arch.opScale(layer, edges, index, stored));
        for (const { name } of primitiveParameters(spec, channels)) {
          const relative = `from_${from}.${primitive}.${name}`;
          inputs.set(relative, parameterOf(parameters, `${cell.prefix}.${relative}`));
        }
      }
    }
  }
  return inputs;
}
