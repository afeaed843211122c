import { describe, expect, it } from "vitest";

import { initArchLogits } from "#shared/space/cells/archLogits.ts";
import { searchSpaceSchema } from "#shared/space/spaces/searchSpace.ts";

describe("initial arch variables", () => {
  it("have one alpha row of ones per layer and edge, one column per primitive", () => {
    const space = searchSpaceSchema.parse({ layers: 2, nodes: 1, primitives: ["skip_connect", "conv_3x3", "none"] });
    const edges = [
      [1, 1, 1],
      [1, 1, 1],
    ];
    expect(initArchLogits(space)).toMatchObject({ primitives: space.primitives, alpha: [edges, edges] });
  });

  it("rule out the moves that leave the trellis and let all others start equal", () => {
    expect(initArchLogits(searchSpaceSchema.parse({})).beta).toEqual([
      [-50, 1, 1],
      [-50, 1, 1],
      [1, 1, 1],
      [-50, 1, 1],
      [1, 1, 1],
      [1, 1, -50],
    ]);
  });
});
