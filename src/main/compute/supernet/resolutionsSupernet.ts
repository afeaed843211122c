import type { Tensor1D } from "@tensorflow/tfjs-core";

import { at } from "#shared/at.ts";
import { type SupernetCell, supernetCells } from "#shared/space/spaces/widths/supernetCells.ts";

import { batchNorm } from "#main/compute/layers/batchNorm.ts";
import { paddedChannels } from "#main/compute/layers/channelPadding.ts";
import { addBias, concatenate } from "#main/compute/layers/combine.ts";
import { convolve } from "#main/compute/layers/convolution.ts";
import { enlarge } from "#main/compute/layers/enlarge.ts";
import { parameterOf } from "#main/compute/layers/parameters.ts";
import { spaceToDepth } from "#main/compute/layers/spaceToDepth.ts";
import type { Value } from "#main/compute/layers/tape.ts";
import { weightedSum } from "#main/compute/layers/weightedSum.ts";

import { runCell, type SupernetPass } from "./supernetPass.ts";
import { type LayerState, type PlaceState, runStem } from "./widthsSupernet.ts";

/**
 * Predicts the noise with all paths through resolutions at once (Auto-DeepLab, science notes 1.3 and 4): the trellis of widths, where
 * each level has half the height and width of the one before. Ways down are convolutions of stride 2, ways up bilinear.
 */
export function predictByResolutions(pass: SupernetPass, planes: ReadonlyMap<string, Value>): Value {
  const { tape, space } = pass;
  const cells = supernetCells(space);
  let state = tape.scope(() => runStem(pass, planes));
  for (let layer = 0; layer < space.layers; layer++) {
    const own = cells.filter((cell) => cell.layer === layer);
    state = runLayer(pass, own, state);
  }
  const { outputs } = state;
  return tape.scope(() => decode(pass, outputs));
}

function runLayer(pass: SupernetPass, cells: readonly SupernetCell[], previous: LayerState): LayerState {
  const { tape } = pass;
  const older: Value[] = [];
  const places = cells.map((cell) => {
    const { widen, level } = cell;
    const s1 =
      widen === null
        ? at(previous.inputs, level, `older inputs of ${cell.prefix}`)
        : tape.scope(() =>
            move(pass, { filter: widen.filter, from: widen.from, level }, at(older, widen.from, "older inputs")),
          );
    older.push(s1);
    return runPlace(pass, cell, s1, previous.outputs);
  });
  return { outputs: places.map(({ output }) => output), inputs: places.map(({ input }) => input) };
}

/** Mixes what comes in and runs one cell, or runs a cell for each way in and mixes what they give. */
function runPlace(pass: SupernetPass, cell: SupernetCell, s1: Value, sources: readonly Value[]): PlaceState {
  const { tape, arch, space } = pass;
  const stored = paddedChannels(cell.channels);
  const ways = cell.routes.map(({ from, router, move: column, filter }) => ({
    x: tape.scope(() =>
      move(pass, { filter, from, level: cell.level }, at(sources, from, `sources of ${cell.prefix}`)),
    ),
    weightOf: (channels: number) => arch.moveScale(router, column, channels),
  }));
  const input = weightedSum(
    tape,
    ways.map(({ x, weightOf }) => ({ x, weight: weightOf(stored) })),
  );
  if (space.cellSharing) return { input, output: runCell(pass, cell, s1, input) };
  const outputs = ways.map(({ x, weightOf }, way) => ({
    x: runCell(pass, at(cell.runs, way, `cells of ${cell.prefix}`), s1, x),
    weight: weightOf(space.nodes * stored),
  }));
  return { input, output: weightedSum(tape, outputs) };
}

interface Way {
  readonly filter: string;
  readonly from: number;
  readonly level: number;
}

/** Brings a value to the channels and the resolution of a level next to its own, or of its own. */
function move({ tape, parameters }: SupernetPass, { filter, from, level }: Way, source: Value): Value {
  const read = from < level ? spaceToDepth(tape, source, 2) : source;
  const fitted = batchNorm(tape, convolve(tape, read, parameterOf(parameters, filter)));
  return from > level ? enlarge(tape, fitted) : fitted;
}

/** Brings every level to full resolution and joins them. */
function decode({ tape, parameters }: SupernetPass, outputs: readonly Value[]): Value {
  const filtered = (name: string, x: Value): Value =>
    batchNorm(tape, convolve(tape, x, parameterOf(parameters, `decoder.${name}.conv`)), { activate: true });
  const levels = outputs.map((output, level) =>
    Array.from({ length: level }).reduce<Value>((x) => enlarge(tape, x), filtered(`level_${level}`, output)),
  );
  const merged = filtered("merge", concatenate(tape, levels));
  const output = convolve(tape, merged, parameterOf(parameters, "decoder.output.conv"));
  return addBias(tape, output, parameterOf<Tensor1D>(parameters, "decoder.output.bias"));
}
