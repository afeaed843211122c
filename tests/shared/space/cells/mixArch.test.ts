import { describe, expect, it } from "vitest";

import { initArchLogits } from "#shared/space/cells/archLogits.ts";
import type { ArchMoment } from "#shared/space/cells/archView.ts";
import { momentAt } from "#shared/space/cells/mixArch.ts";
import { searchSpaceSchema } from "#shared/space/spaces/searchSpace.ts";

const space = searchSpaceSchema.parse({ layers: 1, nodes: 1 });

/** An epoch in which every logit has one value. */
function momentOf(epoch: number, value: number): ArchMoment {
  const { alpha, beta, ...arch } = initArchLogits(space, { opWeights: "softmax", hasEdgeWeights: true });
  const fill = (rows: readonly (readonly number[])[]) => rows.map((row) => row.map(() => value));
  return {
    arch: { ...arch, alpha: alpha.map(fill), beta: fill(beta), edges: fill(arch.edges ?? []) },
    epoch,
    step: epoch * 10,
    time: new Date(epoch * 1000).toISOString(),
  };
}

describe("a moment of a search", () => {
  const moments = [momentOf(1, 0), momentOf(2, 4), momentOf(5, 8)];

  it("is an epoch where the place is whole", () => {
    expect(momentAt(moments, 1)).toBe(moments[1]);
  });

  it("lies between two epochs where it is not: logits, epoch, step and time alike", () => {
    expect(momentAt(moments, 0.25)).toEqual({ ...momentOf(1.25, 1), step: 12.5 });
    expect(momentAt(moments, 1.5)).toEqual(momentOf(3.5, 6));
  });

  it("is that of an end beyond it", () => {
    expect(momentAt(moments, -3)).toBe(moments[0]);
    expect(momentAt(moments, 9)).toBe(moments[2]);
  });
});
