import type { FilterStage, PrimitiveSpec } from "#shared/space/cells/primitives.ts";

import type { ParameterSpec } from "./parameters.ts";

/**
 * One filter of a primitive that serves `edges` edges at once. The filters of the edges lie side by side along `edgeAxis`;
 * `edgeShape` is the part of one edge.
 */
export interface EdgeParameter {
  readonly name: string;
  readonly edgeShape: readonly [number, number, number, number];
  readonly edgeAxis: 0 | 2 | 3;
  /** The axes of `edgeShape` that run over the cell's channels. */
  readonly channelAxes: readonly (2 | 3)[];
  /** Inputs that one output sums over, for the initialisation. */
  readonly fanIn: number;
}

/** Lists the filters of a primitive in a cell of `channels` channels, in the order of their use; none where nothing is computed. */
export function primitiveParameters(spec: PrimitiveSpec, channels: number): readonly EdgeParameter[] {
  return spec.kind === "computed" ? spec.stages.map((stage, index) => edgeParameter(stage, index === 0, channels)) : [];
}

/** Describes the parameter `name` that holds the filters of `edges` edges side by side. */
export function fuseEdges(parameter: EdgeParameter, name: string, edges: number): ParameterSpec {
  const { edgeShape, edgeAxis, channelAxes, fanIn } = parameter;
  return {
    name,
    shape: edgeShape.map((length, axis) => (axis === edgeAxis ? length * edges : length)),
    channelAxes: channelAxes.map((axis) => ({
      axis,
      groups: axis === edgeAxis ? edges : 1,
      channels: edgeShape[axis],
    })),
    initialisation: { fanIn },
  };
}

/** The first filter reads the state, which all edges share: theirs are more outputs of it. Later ones keep edges apart. */
function edgeParameter({ name, kind, side }: FilterStage, isFirst: boolean, channels: number): EdgeParameter {
  if (kind === "depthwise") {
    const edgeShape = [side, side, channels, 1] as const;
    return { name, edgeShape, edgeAxis: isFirst ? 3 : 2, channelAxes: [2], fanIn: side * side };
  }
  const edgeShape = [side, side, channels, channels] as const;
  const fanIn = side * side * channels;
  if (isFirst) return { name, edgeShape, edgeAxis: 3, channelAxes: [2, 3], fanIn };
  if (side !== 1)
    throw new Error(`primitive: after the first filter a convolution must have side 1, ${name} has ${side}`);
  return { name, edgeShape, edgeAxis: 0, channelAxes: [2, 3], fanIn };
}
