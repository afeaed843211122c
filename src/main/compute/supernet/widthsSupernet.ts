import { at } from "#shared/at.ts";
import { type SupernetCell, supernetCells } from "#shared/space/spaces/widths/supernetCells.ts";

import { paddedChannels } from "#main/compute/layers/channelPadding.ts";
import { batchNorm } from "#main/compute/layers/batchNorm.ts";
import { convolve } from "#main/compute/layers/convolution.ts";
import { leakyRelu } from "#main/compute/layers/leakyRelu.ts";
import { parameterOf } from "#main/compute/layers/parameters.ts";
import type { Value } from "#main/compute/layers/tape.ts";
import { weightedSum } from "#main/compute/layers/weightedSum.ts";

import { decode } from "./decoder.ts";
import { openDoor, runCell, type SupernetPass } from "./supernetPass.ts";
import { mixRoutes } from "./widthRouter.ts";

/** What the layer before left behind, by width level: cell outputs and the mixed inputs it used. */
export interface LayerState {
  readonly outputs: readonly Value[];
  readonly inputs: readonly Value[];
}

/**
 * Predicts the noise with the whole space of widths at once: stem, then per layer and width level a mixed input and one cell,
 * then a decoder (science notes 1.2 to 1.4). Height and width never change but by the unshuffling at the door.
 */
export function predictByWidths(pass: SupernetPass, planes: ReadonlyMap<string, Value>): Value {
  const { tape, parameters } = pass;
  const outputs = runLayers(pass, planes);
  return tape.scope(() => decode(tape, outputs, parameters));
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

/** Runs the published stem: what leaves it, and the older input of the first layer. */
export function runStem(pass: SupernetPass, planes: ReadonlyMap<string, Value>): LayerState {
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
    const { widen } = cell;
    const s1 =
      widen === null
        ? at(previous.inputs, cell.level, `older inputs of ${cell.prefix}`)
        : tape.scope(() => widenInput(pass, widen.filter, at(older, widen.from, `narrower input of ${cell.prefix}`)));
    older.push(s1);
    const { input, output } = pass.space.cellSharing
      ? runSharedCell(pass, cell, s1, previous.outputs)
      : runCellsApart(pass, cell, s1, previous.outputs);
    inputs.push(input);
    outputs.push(output);
  }
  return { outputs, inputs };
}

/** What a place leaves: the mixed input, which is the older one of the layer after next, and what its cells gave. */
export interface PlaceState {
  readonly input: Value;
  readonly output: Value;
}

/** Mixes first, then runs one cell. */
function runSharedCell(pass: SupernetPass, cell: SupernetCell, s1: Value, sources: readonly Value[]): PlaceState {
  const input = pass.tape.scope(() => mixInputs(pass, cell, sources));
  return { input, output: runCell(pass, cell, s1, input) };
}

/** Runs a cell for each way in, then mixes what they give (Auto-DeepLab, science notes 1.3). */
function runCellsApart(pass: SupernetPass, cell: SupernetCell, s1: Value, sources: readonly Value[]): PlaceState {
  const { tape, parameters, arch, space } = pass;
  const stored = paddedChannels(cell.channels);
  const ways = cell.routes.map(({ from, router, move, filter }, way) => {
    const source = at(sources, from, `sources of ${cell.prefix}`);
    const x = tape.scope(() => batchNorm(tape, convolve(tape, source, parameterOf(parameters, filter))));
    const output = runCell(pass, at(cell.runs, way, `cells of ${cell.prefix}`), s1, x);
    const weightOf = (channels: number) => arch.moveScale(router, move, channels);
    return { x, output, weightOf };
  });
  return {
    input: weightedSum(
      tape,
      ways.map(({ x, weightOf }) => ({ x, weight: weightOf(stored) })),
    ),
    output: weightedSum(
      tape,
      ways.map(({ output, weightOf }) => ({ x: output, weight: weightOf(space.nodes * stored) })),
    ),
  };
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
