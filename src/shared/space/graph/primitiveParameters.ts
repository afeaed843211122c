import { at } from "#shared/at.ts";
import type { FilterStage, PrimitiveSpec } from "#shared/space/cells/primitives.ts";

import type { ParameterSpec } from "./parameters.ts";
import { deformableGroups, tapMapChannels } from "./tapMap.ts";

/** Begins the names of the convolution and bias that say where the taps of a deformable filter go. */
export const TAP_MAP = "offsets";

/**
 * One filter of a primitive that serves `edges` edges at once. The filters of the edges lie side by side along `edgeAxis`;
 * `edgeShape` is the part of one edge.
 */
export interface EdgeParameter {
  readonly name: string;
  readonly edgeShape: readonly number[];
  readonly edgeAxis: number;
  /** The axes of `edgeShape` that run over the cell's channels. */
  readonly channelAxes: readonly number[];
  /** Inputs that one output sums over, for the initialisation. */
  readonly fanIn: number;
  /** Given where the parameter starts at zero instead. */
  readonly start?: "zeros";
}

/** Lists the filters of a primitive in a cell of `channels` channels, in the order of their use; none where nothing is computed. */
export function primitiveParameters(spec: PrimitiveSpec, channels: number): readonly EdgeParameter[] {
  if (spec.kind !== "computed") return [];
  return spec.stages.flatMap((stage, index) => {
    if (stage.kind !== "deformable") return [edgeParameter(stage, index === 0, channels)];
    if (index > 0) throw new Error(`primitive: a deformable filter must come first, ${stage.name} does not`);
    return deformableParameters(stage, channels);
  });
}

/** Describes the parameter `name` that holds the filters of `edges` edges side by side. */
export function fuseEdges(parameter: EdgeParameter, name: string, edges: number): ParameterSpec {
  const { edgeShape, edgeAxis, channelAxes, fanIn, start } = parameter;
  return {
    name,
    shape: edgeShape.map((length, axis) => (axis === edgeAxis ? length * edges : length)),
    channelAxes: channelAxes.map((axis) => ({
      axis,
      groups: axis === edgeAxis ? edges : 1,
      channels: at(edgeShape, axis, "axes of a filter"),
    })),
    initialisation: start ?? { fanIn },
  };
}

/** The first filter reads the state, which all edges share: theirs are more outputs of it. Later ones keep edges apart. */
function edgeParameter({ name, kind, side }: FilterStage, isFirst: boolean, channels: number): EdgeParameter {
  if (kind === "depthwise") {
    const edgeShape = [side, side, channels, 1];
    return { name, edgeShape, edgeAxis: isFirst ? 3 : 2, channelAxes: [2], fanIn: side * side };
  }
  const edgeShape = [side, side, channels, channels];
  const fanIn = side * side * channels;
  if (isFirst) return { name, edgeShape, edgeAxis: 3, channelAxes: [2, 3], fanIn };
  if (side !== 1)
    throw new Error(`primitive: after the first filter a convolution must have side 1, ${name} has ${side}`);
  return { name, edgeShape, edgeAxis: 0, channelAxes: [2, 3], fanIn };
}

/** What moves the taps of the edges comes from one convolution, which starts at zero; each edge has its own filter below the last one's. */
function deformableParameters({ name, side }: FilterStage, channels: number): EdgeParameter[] {
  const map = tapMapChannels(side, deformableGroups(channels));
  const fanIn = side * side * channels;
  const zeros = { fanIn, start: "zeros" } as const;
  return [
    { name: `${TAP_MAP}.conv`, edgeShape: [side, side, channels, map], edgeAxis: 3, channelAxes: [2], ...zeros },
    { name: `${TAP_MAP}.bias`, edgeShape: [map], edgeAxis: 0, channelAxes: [], ...zeros },
    { name, edgeShape: [side, side, channels, channels], edgeAxis: 0, channelAxes: [2, 3], fanIn },
  ];
}
