import type { Tensor } from "@tensorflow/tfjs-core";

import { at } from "#shared/at.ts";
import { specOf } from "#shared/space/cells/primitives.ts";
import { primitiveParameters } from "#shared/space/graph/primitiveParameters.ts";
import { inputPlanes } from "#shared/space/graph/frame.ts";
import type { SearchSpace } from "#shared/space/spaces/searchSpace.ts";
import { mixedChannels, type SearchedCell } from "#shared/space/spaces/supernetCosts.ts";

import { paddedChannels } from "#main/compute/layers/channelPadding.ts";
import { concatenate } from "#main/compute/layers/combine.ts";
import { parameterOf } from "#main/compute/layers/parameters.ts";
import { recompute } from "#main/compute/layers/recompute.ts";
import { spaceToDepth } from "#main/compute/layers/spaceToDepth.ts";
import type { Tape, Value } from "#main/compute/layers/tape.ts";

import type { ArchLeaves } from "./archLeaves.ts";
import { noiseName, opWeightName, partialNames, skipMaskName } from "./mixedEdges.ts";
import type { CellInputs } from "./mixedEdges.ts";
import type { NoiseFields } from "./noiseFields.ts";
import { bypassing, puttingFilter, takingFilter } from "./partialChannels.ts";
import { searchCell } from "./searchCell.ts";
import type { SkipMasks } from "./skipMasks.ts";

/** What one pass through the supernet works with. */
export interface SupernetPass {
  readonly tape: Tape;
  readonly space: SearchSpace;
  readonly parameters: ReadonlyMap<string, Value<Tensor>>;
  readonly arch: ArchLeaves;
  /** Recompute each cell in the backward walk instead of remembering its insides. */
  readonly recompute: boolean;
  /** Where the `noise` primitive gets its noise from, in spaces that have it. */
  readonly noise?: NoiseFields | undefined;
  /** What drops outputs of skips, in steps that do. */
  readonly skipMasks?: SkipMasks | undefined;
}

/** The planes that the stem reads, joined, and at half resolution where the space says so. */
export function openDoor({ tape, space }: SupernetPass, planes: ReadonlyMap<string, Value>): Value {
  const read = inputPlanes(space).map(({ name }) => planeOf(planes, name));
  const joined = read.length === 1 ? at(read, 0, "planes") : concatenate(tape, read);
  return space.unshuffle === 1 ? joined : spaceToDepth(tape, joined, space.unshuffle);
}

/** Looks up a plane by name. Throws where it is not among the given ones. */
export function planeOf(planes: ReadonlyMap<string, Value>, name: string): Value {
  const plane = planes.get(name);
  if (plane === undefined) throw new Error(`supernet: the plane ${name} must be given`);
  return plane;
}

/** Runs one cell on its two inputs `[B, H, W, C]` and returns its nodes joined: `[B, H, W, nodes * C]`. */
export function runCell(pass: SupernetPass, cell: SearchedCell, s1: Value, s0: Value): Value {
  const { tape, space } = pass;
  const inputs = cellInputs(pass, cell, s1, s0);
  const { nodes, primitives, offsetLimitPx } = space;
  const plan = { nodes, primitives, offsetLimitPx, channels: mixedChannels(space, cell.channels) };
  if (!pass.recompute) {
    return tape.scope(() => searchCell(tape, plan, inputs));
  }
  const names = [...inputs.keys()];
  return recompute(tape, [...inputs.values()], (inner, values) => {
    const renamed = new Map(names.map((name, index) => [name, at(values, index, `inputs of ${cell.prefix}`)]));
    return searchCell(inner, plan, renamed);
  });
}

/** Gathers what a cell reads, with names that no longer say which cell it is. */
function cellInputs(pass: SupernetPass, cell: SearchedCell, s1: Value, s0: Value): CellInputs {
  const { space, parameters, arch } = pass;
  const { layer, states } = cell;
  const channels = mixedChannels(space, cell.channels);
  const stored = paddedChannels(channels);
  const inputs = new Map<string, Value<Tensor>>([
    ["s1", s1],
    ["s0", s0],
  ]);
  const partial = channels === cell.channels ? null : { channels: cell.channels, mixed: channels };
  for (const { from, edges } of states) {
    if (partial !== null) {
      const names = partialNames(from);
      inputs.set(names.taking, arch.fixed(takingFilter(partial)));
      inputs.set(names.putting, arch.fixed(puttingFilter(partial, edges.length)));
      inputs.set(names.bypass, arch.bypassFilter(layer, edges, bypassing(partial), paddedChannels(cell.channels)));
    }
    for (const [index, primitive] of space.primitives.entries()) {
      const spec = specOf(primitive);
      if (spec.kind === "identity") {
        inputs.set(opWeightName(from, primitive), arch.copyFilter(layer, edges, index, stored));
        const mask = pass.skipMasks?.next(pass.tape, s0.tensor.shape[0], edges.length, stored);
        if (mask !== undefined) inputs.set(skipMaskName(from), mask);
      } else if (spec.kind === "noise") {
        if (pass.noise === undefined) throw new Error("supernet: the noise of the noise primitive must be given");
        inputs.set(opWeightName(from, primitive), arch.opScale(layer, edges, index, stored));
        inputs.set(noiseName(from), pass.noise.next(pass.tape, s0.tensor.shape, edges.length, channels));
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
