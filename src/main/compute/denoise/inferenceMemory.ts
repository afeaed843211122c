import { channelsOfLayer } from "#main/compute/network/structure.ts";
import type { NetworkPlan } from "#main/compute/network/structure.ts";

const BYTES_PER_NUMBER = 4;

/** The decoder's widest moment: its joined input, the depthwise result, and the two copies of an activation. */
const DECODER_NUMBERS = 4 * 176;

/** Both stem outputs stay until the first layers have read them. */
const STEM_NUMBERS = 2 * 64;

/** oneDNN repacks its inputs and outputs, and the heap never packs perfectly. */
const OVERHEAD = 1.5;

/** Estimates the memory that denoising needs per input pixel, in bytes: what lives at once in the widest moment. */
export function inferenceBytesPerPixel(plan: NetworkPlan): number {
  const layers = plan.genotype.cells.map(({ nodes }, layer) => 2 * nodes.length * channelsOfLayer(plan, layer));
  const numbers = DECODER_NUMBERS + STEM_NUMBERS + layers.reduce((total, layer) => total + layer, 0);
  return numbers * BYTES_PER_NUMBER * OVERHEAD;
}
