import { type Primitive, specOf } from "#shared/space/cells/primitives.ts";

import { networkCost } from "./costModel.ts";
import type { NetworkGraph } from "./networkGraph.ts";
import { sizeOfShape } from "./parameters.ts";
import { primitiveParameters } from "./primitiveParameters.ts";

/** A convolution by its size; one of its pixels is `scale` pixels of the picture wide. */
export interface PricedConvolution {
  readonly side: number;
  readonly input: number;
  readonly output: number;
  readonly scale: number;
}

/** What parts of a network cost, in a unit in which costs add up. */
export interface Prices {
  /** An op on an edge of a cell of so many channels; nothing for a skip connection and for `none`. */
  readonly op: (primitive: Primitive, channels: number, scale: number) => number;
  readonly convolution: (convolution: PricedConvolution) => number;
  /** A whole network. */
  readonly network: (graph: NetworkGraph) => number;
}

/** Multiply-adds per pixel of the picture, as `networkCost` counts them. */
export const MULTIPLY_ADD_PRICES: Prices = {
  op: (primitive, channels, scale) => {
    const filters = primitiveParameters(specOf(primitive), channels).filter(({ edgeShape }) => edgeShape.length > 1);
    return filters.reduce((sum, { edgeShape }) => sum + sizeOfShape(edgeShape), 0) / scale ** 2;
  },
  convolution: ({ side, input, output, scale }) => (side ** 2 * input * output) / scale ** 2,
  network: (graph) => networkCost(graph).multiplyAddsPerPixel,
};
