import { channelsOfLayer } from "#main/compute/network/structure.ts";
import type { NetworkPlan } from "#main/compute/network/structure.ts";

const BYTES_PER_NUMBER = 4;

/** The decoder's widest moment: its joined input of 176 channels and its filtered copy, each repacked for the filtering. */
const DECODER_NUMBERS = 4 * 176;

/** The decoder's skip branch, which waits while the layers run. */
const SKIP_NUMBERS = 48;

/** What runs in an op: its input, its output and what is between them. */
const OP_TENSORS = 3;

/** The heap never packs perfectly: measured on three networks of 10 to 40 filters, the two lines above give the rest. */
const OVERHEAD = 1.2;

/** Estimates the memory that denoising needs per input pixel, in bytes: the widest moment of the network. */
export function inferenceBytesPerPixel(plan: NetworkPlan): number {
  const { cells } = plan.genotype;
  const layers = cells.map(({ nodes }, layer) => {
    // Each state is there as it is and through the activation; the next layer's s1 waits already.
    const states = 2 * (nodes.length + 2);
    const waiting = layer + 1 < cells.length ? channelsOfLayer(plan, layer + 1) : 0;
    return channelsOfLayer(plan, layer) * (states + OP_TENSORS) + waiting + SKIP_NUMBERS;
  });
  return Math.max(DECODER_NUMBERS, ...layers) * BYTES_PER_NUMBER * OVERHEAD;
}
