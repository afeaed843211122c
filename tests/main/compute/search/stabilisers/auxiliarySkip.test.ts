import { describe, expect, it } from "vitest";

import { startEngine } from "#main/compute/engine/engine.ts";
import { archProgress } from "#main/compute/search/stabilisers/archProgress.ts";
import { auxiliarySkipWeight, withAuxiliarySkip } from "#main/compute/search/stabilisers/auxiliarySkip.ts";
import { initialiseParameters } from "#main/compute/layers/parameters.ts";
import { searchConfigSchema } from "#shared/runs/config.ts";
import { outerSpaceOf } from "#shared/space/spaces/outerSpaces.ts";
import { searchSpaceSchema } from "#shared/space/spaces/searchSpace.ts";

import { drawNumbers } from "#tests/helpers/drawTensor.ts";
import { drawArchWeights, predict } from "#tests/main/compute/supernet/tinySupernet.ts";

const { kernels } = await startEngine();

describe("the extra skip", () => {
  it("falls from its weight to nothing, in a line or along a cosine", () => {
    const weights = (kind: "linear" | "cosine") =>
      [0, 0.25, 0.5, 1].map((share) => auxiliarySkipWeight({ kind, weight: 2 }, share));
    expect(weights("linear")).toEqual([2, 1.5, 1, 0]);
    [2, 1 + Math.SQRT1_2, 1, 0].forEach((weight, i) => expect(weights("cosine")[i]).toBeCloseTo(weight, 12));
    expect(auxiliarySkipWeight({ kind: "none" }, 0)).toBe(0);
  });

  it("begins to fall when the warm-up is over, and is gone at the last epoch", () => {
    const { search } = searchConfigSchema.parse({ search: { epochs: 10, warmupEpochs: 2 } });
    expect([0, 2, 6, 10].map((epoch) => archProgress(search, epoch))).toEqual([0, 0, 0.5, 1]);
  });

  it("adds its weight times each state to what every edge gives: the same as a second skip among the primitives", () => {
    // With a cell of one node, both edges read an input of the cell; a space of skips alone shows what they weigh.
    const space = searchSpaceSchema.parse({
      layers: 1,
      nodes: 1,
      filters: 4,
      widthFactors: [1],
      primitives: ["skip_connect", "none"],
    });
    const shape = [1, 8, 8, 1] as const;
    const run = (skips: readonly number[], amount: number) =>
      predict({
        kernels,
        space,
        weights: initialiseParameters(outerSpaceOf(space).parameters(space), 1),
        arch: withAuxiliarySkip(
          { ...drawArchWeights(space), op: [skips.map((skip) => [skip, 0.5])] },
          space.primitives,
          amount,
        ),
        noisy: drawNumbers(64, 3, 0.3),
        shape,
      });
    expect(run([0.5, 0.125], 0.25)).toEqual(run([0.75, 0.375], 0));
    expect(run([0.5, 0.125], 0.25)).not.toEqual(run([0.5, 0.125], 0));
  });

  it("changes nothing where it weighs nothing", () => {
    const space = searchSpaceSchema.parse({});
    const weights = drawArchWeights(space);
    expect(withAuxiliarySkip(weights, space.primitives, 0)).toBe(weights);
    const changed = withAuxiliarySkip(weights, space.primitives, 0.5);
    expect(changed.move).toBe(weights.move);
    const skip = space.primitives.indexOf("skip_connect");
    expect(changed.op[1]?.[3]).toEqual(weights.op[1]?.[3]?.map((weight, i) => (i === skip ? weight + 0.5 : weight)));
  });
});
