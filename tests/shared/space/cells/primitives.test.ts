import { describe, expect, it } from "vitest";

import {
  type FilterStage,
  isPrimitive,
  type PrimitiveSpec,
  PRIMITIVES,
  specOf,
} from "#shared/space/cells/primitives.ts";
import { primitiveParameters } from "#shared/space/graph/primitiveParameters.ts";

/** What a row of the table must keep to, for the supernet lays the filters of several edges side by side. */
function faultsOf(spec: PrimitiveSpec): string[] {
  if (spec.kind !== "computed") return [];
  const { stages } = spec;
  const names = stages.flatMap(({ name, norm }) => (norm === null ? [name] : [name, norm]));
  const last = stages.at(-1);
  return [
    ...(last?.kind === "convolution" || last?.kind === "deformable" ? [] : ["must end with a convolution"]),
    ...(typeof last?.norm === "string" ? [] : ["must end with a norm"]),
    ...(new Set(names).size === names.length ? [] : ["must name filters and norms differently"]),
    ...stages.flatMap((stage, index) => stageFaults(stage, index, stages[index + 1])),
  ];
}

function stageFaults(
  { name, kind, side, dilation }: FilterStage,
  index: number,
  next: FilterStage | undefined,
): string[] {
  return [
    ...(side % 2 === 1 ? [] : [`${name} must have an odd side`]),
    ...(Number.isInteger(dilation) && dilation >= 1 ? [] : [`${name} must have a dilation of 1 or more`]),
    ...(kind === "depthwise" || index === 0 || side === 1 ? [] : [`${name} must have side 1`]),
    ...(kind === "deformable" && index > 0 ? [`${name} must come first`] : []),
    ...(kind !== "depthwise" || next?.kind === "convolution" ? [] : [`${name} must be followed by a convolution`]),
  ];
}

const CONVOLUTION: FilterStage = { name: "conv", kind: "convolution", side: 3, dilation: 1, norm: "bn" };
const DEPTHWISE: FilterStage = { name: "depthwise", kind: "depthwise", side: 3, dilation: 1, norm: null };

describe("the table of primitives", () => {
  it.each(PRIMITIVES)("has a well-formed row for %s", (primitive) => {
    expect(faultsOf(specOf(primitive))).toEqual([]);
  });

  it.each<[string, readonly FilterStage[]]>([
    ["must end with a convolution", [CONVOLUTION, DEPTHWISE]],
    ["must end with a norm", [{ ...CONVOLUTION, norm: null }]],
    ["must name filters and norms differently", [CONVOLUTION, { ...CONVOLUTION, side: 1 }]],
    ["conv must have side 1", [DEPTHWISE, CONVOLUTION]],
    ["conv must have an odd side", [{ ...CONVOLUTION, side: 2 }]],
    ["depthwise must be followed by a convolution", [DEPTHWISE, { ...DEPTHWISE, name: "second" }, CONVOLUTION]],
  ])("would be found out by these checks where a row %s", (fault, stages) => {
    expect(faultsOf({ kind: "computed", stages })).toContain(fault);
  });

  it("keeps the names and the order of the published candidates", () => {
    expect(PRIMITIVES).toEqual([
      "conv_3x3",
      "sep_conv_3x3",
      "sep_conv_5x5",
      "dil_conv_3x3",
      "dil_conv_5x5",
      "def_conv_3x3",
      "skip_connect",
      "noise",
      "none",
    ]);
  });

  it("knows its own names and no others", () => {
    expect(PRIMITIVES.every(isPrimitive)).toBe(true);
    expect(["conv_7x7", "toString", ""].some(isPrimitive)).toBe(false);
  });
});

describe("primitiveParameters", () => {
  it("lists the filters in the order of their use, with how edges lie side by side", () => {
    expect(primitiveParameters(specOf("sep_conv_5x5"), 3)).toEqual([
      { name: "depthwise_1", edgeShape: [5, 5, 3, 1], edgeAxis: 3, channelAxes: [2], fanIn: 25 },
      { name: "pointwise_1", edgeShape: [1, 1, 3, 3], edgeAxis: 0, channelAxes: [2, 3], fanIn: 3 },
      { name: "depthwise_2", edgeShape: [5, 5, 3, 1], edgeAxis: 2, channelAxes: [2], fanIn: 25 },
      { name: "pointwise_2", edgeShape: [1, 1, 3, 3], edgeAxis: 0, channelAxes: [2, 3], fanIn: 3 },
    ]);
    expect(primitiveParameters(specOf("skip_connect"), 3)).toEqual([]);
  });

  it("refuses a later convolution that looks around itself", () => {
    const stages = [DEPTHWISE, CONVOLUTION];
    expect(() => primitiveParameters({ kind: "computed", stages }, 3)).toThrow("must have side 1, conv has 3");
  });
});
