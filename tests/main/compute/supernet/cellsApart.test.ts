import { describe, expect, it } from "vitest";

import { startEngine } from "#main/compute/engine/engine.ts";
import { initialiseParameters } from "#main/compute/layers/parameters.ts";
import type { ArchWeights } from "#main/compute/supernet/archLeaves.ts";
import { fromEdgeTensors, toEdgeTensors } from "#main/compute/supernet/edgeTensors.ts";
import { searchSpaceSchema } from "#shared/space/spaces/searchSpace.ts";
import { searchedCells, supernetCells } from "#shared/space/spaces/widths/supernetCells.ts";
import { supernetMemoryMb, supernetParameters } from "#shared/space/spaces/widths/supernetParameters.ts";

import { drawNumbers } from "#tests/helpers/drawTensor.ts";
import { relativeError } from "#tests/helpers/referenceFixtures.ts";

import { TINY_SPACE, drawArchWeights, predict } from "./tinySupernet.ts";

const { kernels } = await startEngine();
const shared = TINY_SPACE;
const apart = { ...TINY_SPACE, cellSharing: false };

/** Weights of a supernet without cell sharing: each cell is the one that the shared supernet has at its place. */
function copyCells(weights: Float32Array): Float32Array {
  const tensors = toEdgeTensors(shared, weights);
  const names = toEdgeTensors(apart, initialiseParameters(supernetParameters(apart), 2));
  const copied = new Map(
    [...names.keys()].map((name) => [name, tensors.get(name.replace(/(width_\d+)\.from_\d+/, "$1"))!] as const),
  );
  return fromEdgeTensors(apart, copied, (name) => new Error(`missing ${name}`));
}

/** One way leads into each place, the widest that there is, with all its weight. */
function oneWayIn(arch: ArchWeights): ArchWeights {
  const move = arch.move.map((row) => row.map(() => 0));
  for (const { routes } of supernetCells(shared)) {
    const way = routes.at(-1)!;
    move[way.router]![way.move] = 1;
  }
  return { ...arch, move };
}

describe("cells that are not shared", () => {
  it("give what shared cells give where one way leads into each place and all its cells are the same", () => {
    const weights = initialiseParameters(supernetParameters(shared), 1);
    const given = { kernels, arch: oneWayIn(drawArchWeights(shared)), noisy: drawNumbers(2 * 9 * 11, 1) };
    const shape = [2, 9, 11, 1] as const;
    const expected = predict({ ...given, shape, space: shared, weights });
    const got = predict({ ...given, shape, space: apart, weights: copyCells(weights) });
    expect(relativeError(got, expected)).toBeLessThan(1e-5);
  });

  it("are 14 for three layers and three width levels, where 8 are shared", () => {
    const space = searchSpaceSchema.parse({});
    expect(searchedCells(space)).toHaveLength(8);
    expect(searchedCells({ ...space, cellSharing: false })).toHaveLength(14);
  });

  it("need more memory by the model, and less than the factor of three that was published", () => {
    const space = searchSpaceSchema.parse({});
    const memory = (cellSharing: boolean): number =>
      supernetMemoryMb({ ...space, cellSharing }, false, 6 * 64 * 64) - supernetMemoryMb(space, false, 0);
    const factor = memory(false) / memory(true);
    expect(factor).toBeGreaterThan(1.4);
    expect(factor).toBeLessThan(2);
  });

  it("are refused on a U, where no place has several ways in", () => {
    expect(searchSpaceSchema.safeParse({ kind: "scales", cellSharing: false }).error?.issues[0]?.path).toEqual([
      "cellSharing",
    ]);
  });
});
