import fc from "fast-check";
import { describe, expect, it } from "vitest";

import { initialiseParameters } from "#main/compute/layers/parameters.ts";
import { fromEdgeTensors, toEdgeTensors } from "#main/compute/supernet/edgeTensors.ts";
import { supernetParameters } from "#shared/space/spaces/widths/supernetParameters.ts";
import { PRIMITIVES } from "#shared/space/cells/primitives.ts";
import { countParameters } from "#shared/space/graph/parameters.ts";
import { searchSpaceSchema } from "#shared/space/spaces/searchSpace.ts";
import type { SearchSpace } from "#shared/space/spaces/searchSpace.ts";

const anySpace: fc.Arbitrary<SearchSpace> = fc
  .record({
    layers: fc.integer({ min: 1, max: 3 }),
    nodes: fc.integer({ min: 1, max: 3 }),
    filters: fc.integer({ min: 1, max: 5 }),
    widthFactors: fc.constantFrom([1], [1, 2], [1, 1.5, 2]),
    primitives: fc.shuffledSubarray([...PRIMITIVES], { minLength: 2 }),
  })
  .map((sizes) => searchSpaceSchema.parse(sizes));

function never(name: string): Error {
  return new Error(`nothing is missing, asked for ${name}`);
}

describe("toEdgeTensors and fromEdgeTensors", () => {
  it("give back every supernet's vector, through tensors that hold as many numbers as are learnt", () => {
    fc.assert(
      fc.property(anySpace, (space) => {
        const specs = supernetParameters(space);
        const flat = initialiseParameters(specs, 1);
        const tensors = toEdgeTensors(space, flat);
        expect(fromEdgeTensors(space, tensors, never)).toEqual(flat);
        const numbers = [...tensors.values()].reduce((sum, { data }) => sum + data.length, 0);
        expect(numbers).toBe(countParameters(specs));
        for (const { shape, data } of tensors.values()) expect(data.length).toBe(shape.reduce((p, s) => p * s, 1));
      }),
      { numRuns: 30 },
    );
  });

  const space = searchSpaceSchema.parse({ layers: 1, nodes: 2, filters: 2, widthFactors: [1] });

  it("name every edge's filters by layer, width, edge and primitive", () => {
    const names = [...toEdgeTensors(space, initialiseParameters(supernetParameters(space), 1)).keys()];
    const edges = new Set(names.flatMap((name) => /^cell\.layer_0\.width_0\.(edge_\d+)\./.exec(name)?.[1] ?? []));
    expect([...edges].toSorted()).toEqual(["edge_0", "edge_1", "edge_2", "edge_3", "edge_4"]);
    expect(names).toContain("cell.layer_0.width_0.edge_3.sep_conv_5x5.pointwise_2");
  });

  it.each(["stem_1.conv", "cell.layer_0.width_0.edge_3.conv_3x3.conv"])("report that %s is missing or cut", (name) => {
    const whole = toEdgeTensors(space, initialiseParameters(supernetParameters(space), 1));
    const without = new Map([...whole].filter(([key]) => key !== name));
    const cut = new Map([...whole, [name, { shape: [1], data: new Float32Array(1) }]]);
    const report = (missing: string, shape: readonly number[]): Error =>
      new Error(`${missing} of shape ${shape.join("x")}`);
    const expected = `${name} of shape ${whole.get(name)!.shape.join("x")}`;
    expect(() => fromEdgeTensors(space, without, report)).toThrow(expected);
    expect(() => fromEdgeTensors(space, cut, report)).toThrow(expected);
  });
});
