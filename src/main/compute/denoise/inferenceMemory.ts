import { channelsOfLayer } from "#main/compute/network/structure.ts";
import type { NetworkPlan } from "#main/compute/network/structure.ts";

const BYTES_PER_NUMBER = 4;

/** The decoder's widest moment: its joined input of 176 channels, the filtered copy, and what oneDNN repacks. */
const DECODER_NUMBERS = 4 * 176;

/** Both stem outputs stay until the first layers have read them. */
const STEM_NUMBERS = 2 * 64;

/** A layer's output, and as much again while it is computed. */
const LAYER_COPIES = 2;

/**
 * Estimates the memory that denoising needs per input pixel, in bytes. Measured peaks of four networks of 8 to 40 filters
 * were 2.7 to 5.7 kB, between half and nine tenths of this.
 */
export function inferenceBytesPerPixel(plan: NetworkPlan): number {
  const outputs = plan.genotype.cells.map(({ nodes }, layer) => nodes.length * channelsOfLayer(plan, layer));
  const layers = outputs.reduce((total, output) => total + LAYER_COPIES * output, 0);
  return (DECODER_NUMBERS + STEM_NUMBERS + layers) * BYTES_PER_NUMBER;
}
