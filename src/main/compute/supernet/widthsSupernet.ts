import { at } from "#shared/at.ts";
import { type SupernetCell, supernetCells } from "#shared/space/spaces/widths/supernetCells.ts";

import { paddedChannels } from "#main/compute/layers/channelPadding.ts";
import { batchNorm } from "#main/compute/layers/batchNorm.ts";
import { convolve } from "#main/compute/layers/convolution.ts";
import { leakyRelu } from "#main/compute/layers/leakyRelu.ts";
import { parameterOf } from "#main/compute/layers/parameters.ts";
import type { Value } from "#main/compute/layers/tape.ts";

import { decode } from "./decoder.ts";
import { openDoor, runCell, type SupernetPass } from "./supernetPass.ts";
import { mixRoutes } from "./widthRouter.ts";

/** What the layer before left behind, by width level: cell outputs and the mixed inputs it used. */
interface LayerState {
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
