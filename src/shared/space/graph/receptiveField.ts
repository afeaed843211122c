import { stateIndex } from "#shared/space/cells/cellGraph.ts";
import type { Genotype, GenotypeCell } from "#shared/space/cells/genotype.ts";
import type { Primitive } from "#shared/space/cells/primitives.ts";
import { endpointLayer } from "#shared/space/spaces/widths/widthLevels.ts";

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

/** How far outside the pixels that are wanted each part of the final network must work, in pixels on each side. */
export interface Margins {
  /** Of the noisy picture. */
  readonly input: number;
  /** Of the inputs of each layer's cell, which shrink from layer to layer. */
  readonly layers: readonly number[];
  readonly decoder: number;
}

/** Walks back from the output and returns what each part of the final network needs around it. */
export function marginsOf({ cells, widthPath }: Genotype): Margins {
  // Of the two stems' outputs, then of the layers'.
  const needed = [-Infinity, -Infinity, ...cells.map(() => -Infinity)];
  const need = (output: number, margin: number): void => {
    needed[output] = Math.max(needed[output] ?? -Infinity, margin);
  };
  const endpoint = endpointLayer(widthPath);
  if (endpoint === null) need(1, DECODER_REACH + CONV_3X3_REACH);
  else need(endpoint + 2, DECODER_REACH);
  need(cells.length + 1, DECODER_REACH);
  const layers: number[] = [];
  for (const [layer, cell] of [...cells.entries()].reverse()) {
    const own = needed[layer + 2] ?? 0;
    const [s1, s0] = [own + cellReach(cell, "s1"), own + cellReach(cell, "s0")];
    need(layer + 1, s0);
    need(layer, s1);
    layers.unshift(Math.max(s0, s1, layers[0] ?? DECODER_REACH));
  }
  need(0, (needed[1] ?? 0) + CONV_3X3_REACH);
  return { input: (needed[0] ?? 0) + CONV_3X3_REACH, layers, decoder: DECODER_REACH };
}

/** Returns the side in pixels of the square of input that one output pixel of the final network can see; odd. */
export function receptiveFieldPx(genotype: Genotype): number {
  return 2 * marginsOf(genotype).input + 1;
}

/** How far any node of a cell looks around in one of the cell's two inputs; minus infinity where none reads it. */
function cellReach(cell: GenotypeCell, input: "s0" | "s1"): number {
  const states = [input === "s1" ? 0 : -Infinity, input === "s0" ? 0 : -Infinity];
  for (const edges of cell.nodes) {
    states.push(Math.max(...edges.map(({ from, primitive }) => (states[stateIndex(from)] ?? 0) + OP_REACH[primitive])));
  }
  return Math.max(...states.slice(2));
}
