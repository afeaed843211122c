import type { Tensor1D } from "@tensorflow/tfjs-core";

import { at } from "#shared/at.ts";
import { placesOf, streamChannels, type Place } from "#shared/space/spaces/scales/places.ts";
import { type ScalesCell, supernetCells } from "#shared/space/spaces/scales/supernetCells.ts";

import { batchNorm } from "#main/compute/layers/batchNorm.ts";
import { add, addBias } from "#main/compute/layers/combine.ts";
import { convolve } from "#main/compute/layers/convolution.ts";
import { leakyRelu } from "#main/compute/layers/leakyRelu.ts";
import { parameterOf } from "#main/compute/layers/parameters.ts";
import { depthToSpace, spaceToDepth } from "#main/compute/layers/spaceToDepth.ts";
import type { Value } from "#main/compute/layers/tape.ts";
import { weightedNormSum } from "#main/compute/layers/weightedNormSum.ts";

import { openDoor, runCell, type SupernetPass } from "./supernetPass.ts";

/**
 * Predicts the noise with the whole space of scales at once: a stem, then at every place of the U one cell for each width
 * level, whose joined outputs, mixed by the weights of the levels, are added to the stream of the scale.
 */
export function predictByScales(pass: SupernetPass, planes: ReadonlyMap<string, Value>): Value {
  const { tape, space } = pass;
  const cells = supernetCells(space);
  const places = placesOf(space.layers);
  let stream = tape.scope(() => runPlain(pass, "stem", openDoor(pass, planes)));
  const left: Value[] = [];
  for (const place of places) {
    const before = places[place.layer - 1];
    const from = stream;
    const entered = before === undefined ? from : tape.scope(() => move(pass, place, before, from));
    const older = place.joins === null ? entered : at(left, place.joins, "streams on the way down");
    const joined = place.joins === null ? entered : add(tape, [entered, older]);
    const own = cells.filter(({ layer }) => layer === place.layer);
    const added = mixLevels(pass, own, joined, older);
    stream = add(tape, [joined, added]);
    left.push(stream);
  }
  return tape.scope(() => runPlain(pass, "decoder.output", stream));
}

/** A convolution with a bias and no norm. */
function runPlain({ tape, parameters }: SupernetPass, name: string, x: Value): Value {
  const filtered = convolve(tape, x, parameterOf(parameters, `${name}.conv`));
  return addBias(tape, filtered, parameterOf<Tensor1D>(parameters, `${name}.bias`));
}

/** To another scale: a strided 2x2 convolution, or its transpose. */
function move(pass: SupernetPass, { layer, scale }: Place, before: Place, stream: Value): Value {
  const { tape } = pass;
  if (scale > before.scale) return runPlain(pass, `layer_${layer}.down`, spaceToDepth(tape, stream, 2));
  return depthToSpace(tape, runPlain(pass, `layer_${layer}.up`, stream), 2);
}

/** What the cells of a place add to the stream: sum over width levels of weight * norm(join(cell)). */
function mixLevels(pass: SupernetPass, cells: readonly ScalesCell[], stream: Value, older: Value): Value {
  const { tape, space, parameters, arch } = pass;
  const terms = cells.map((cell) => {
    const scaled = (name: string, x: Value): Value =>
      tape.scope(() => batchNorm(tape, convolve(tape, x, parameterOf(parameters, `${cell.prefix}.${name}.conv`))));
    const output = runCell(pass, cell, scaled("scale_s1", older), scaled("scale_s0", stream));
    const x = tape.scope(() =>
      convolve(tape, leakyRelu(tape, output), parameterOf(parameters, `${cell.prefix}.join.conv`)),
    );
    const channels = streamChannels(space.stemChannels, cell.place.scale);
    return { x, weight: arch.moveScale(cell.layer, cell.level, channels) };
  });
  return weightedNormSum(tape, terms, []);
}
