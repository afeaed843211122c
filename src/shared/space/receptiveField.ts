import { stateIndex } from "./cellGraph.ts";
import type { Genotype, GenotypeCell } from "./genotype.ts";
import type { Primitive } from "./primitives.ts";
import { endpointLayer } from "./widthLevels.ts";

/** How many pixels an op reaches beyond its own, on each side; dilated convolutions have rate 2, separable ones run twice. */
const OP_REACH: Readonly<Record<Primitive, number>> = {
  conv_3x3: 1,
  sep_conv_3x3: 2,
  sep_conv_5x5: 4,
  dil_conv_3x3: 2,
  dil_conv_5x5: 4,
  skip_connect: 0,
  none: 0,
};

/** Each 3x3 convolution of the stem, of the reduced stem and of the decoder (two separable ones and the output). */
const CONV_3X3_REACH = 1;
const DECODER_REACH = 3 * CONV_3X3_REACH;

/** Returns the side in pixels of the square of input that one output pixel of the final network can see; odd. */
export function receptiveFieldPx(genotype: Genotype): number {
  const outputs: number[] = [];
  let s1 = CONV_3X3_REACH;
  let s0 = s1 + CONV_3X3_REACH;
  const reducedStem = s0 + CONV_3X3_REACH;
  for (const cell of genotype.cells) {
    const output = cellReach(cell, s1, s0);
    outputs.push(output);
    [s1, s0] = [s0, output];
  }
  const endpoint = outputs[endpointLayer(genotype.widthPath) ?? -1] ?? reducedStem;
  return 2 * (Math.max(s0, endpoint) + DECODER_REACH) + 1;
}

function cellReach(cell: GenotypeCell, s1: number, s0: number): number {
  const states = [s1, s0];
  for (const edges of cell.nodes) {
    states.push(Math.max(...edges.map(({ from, primitive }) => (states[stateIndex(from)] ?? 0) + OP_REACH[primitive])));
  }
  return Math.max(...states.slice(2));
}
