import { describe, expect, it } from "vitest";

import { initArchLogits } from "#shared/space/cells/archLogits.ts";
import { type ArchView, findDecidedSince, toDecidedness, viewArch } from "#shared/space/cells/archView.ts";
import { searchSpaceSchema } from "#shared/space/spaces/searchSpace.ts";

const space = searchSpaceSchema.parse({ layers: 1, nodes: 1, primitives: ["conv_3x3", "skip_connect"] });

/** An epoch in which the logit of a primitive of the only cell's first edge is ahead by so much. */
function viewOf(epoch: number, primitive: number, lead: number): ArchView {
  const arch = structuredClone(initArchLogits(space)) as { alpha: number[][][] } & ReturnType<typeof initArchLogits>;
  arch.alpha[0]![0]![primitive]! += lead;
  return viewArch({ arch, epoch, step: epoch, time: new Date(epoch).toISOString() }, space);
}

describe("a search that has learned nothing", () => {
  it("is undecided on every edge and on its width path", () => {
    const view = viewOf(1, 0, 0);
    expect(view.certainties.flat().every(({ isUndecided }) => isUndecided)).toBe(true);
    expect(view.isPathUndecided).toBe(true);
  });

  it("has op weights that are no part of the way to a decision", () => {
    const view = viewOf(1, 0, 0);
    expect(view.untrainedWeight).toBe(0.5);
    expect(toDecidedness(0.5, view.untrainedWeight)).toBe(0);
    expect(toDecidedness(0.75, view.untrainedWeight)).toBe(0.5);
    expect(toDecidedness(1, view.untrainedWeight)).toBe(1);
    expect(toDecidedness(0.1, view.untrainedWeight)).toBe(0);
  });

  it("weighs sigmoids by what they begin with", () => {
    const logits = initArchLogits(space, { opWeights: "sigmoid", hasEdgeWeights: false });
    const view = viewArch({ arch: logits, epoch: 1, step: 1, time: new Date(0).toISOString() }, space);
    expect(view.untrainedWeight).toBe(0.5);
  });
});

describe("the epoch since which an edge is decided", () => {
  it("is the first of those in a row with the same primitive ahead by more than noise", () => {
    const views = [viewOf(1, 0, 1), viewOf(2, 0, 0.04), viewOf(3, 0, 1), viewOf(4, 0, 2)];
    expect(findDecidedSince(views, 3, 0)).toEqual([3, null]);
    expect(findDecidedSince(views, 2, 0)).toEqual([3, null]);
  });

  it("begins anew where another primitive takes over", () => {
    const views = [viewOf(1, 0, 1), viewOf(2, 1, 1), viewOf(3, 1, 1)];
    expect(findDecidedSince(views, 2, 0)[0]).toBe(2);
    expect(findDecidedSince(views, 0, 0)[0]).toBe(1);
  });

  it("is none while the lead is within noise", () => {
    expect(findDecidedSince([viewOf(1, 0, 1), viewOf(2, 0, 0.04)], 1, 0)).toEqual([null, null]);
  });
});
