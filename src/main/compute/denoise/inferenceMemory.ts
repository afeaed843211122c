import { channelsOfLayer } from "#main/compute/network/structure.ts";
import type { NetworkPlan } from "#main/compute/network/structure.ts";

const BYTES_PER_NUMBER = 4;

/**
 * The decoder's widest moment: its joined input of 176 channels, the filtered copy, the copy through its norm, and what the
 * convolutions repack meanwhile.
 */
const DECODER_NUMBERS = 3.5 * 176;

/** Within a layer: its input, what runs in an op, and each state twice, as it is and through the activation. */
const OP_TENSORS = 3;

/** oneDNN repacks inputs and outputs, and the heap never packs perfectly: measured on six networks, up to 1.25. */
const OVERHEAD = 1.3;

/** Estimates the memory that denoising needs per input pixel, in bytes: the widest moment of the network. */
export function inferenceBytesPerPixel(plan: NetworkPlan): number {
  const outputs = plan.genotype.cells.map(({ nodes }, layer) => nodes.length * channelsOfLayer(plan, layer));
  const widest = Math.max(...outputs);
  const layers = plan.genotype.cells.map(({ nodes }, layer) => {
    const states = nodes.length + 2;
    // The output before it and the decoder's skip branch stay alive meanwhile.
    return 2 * widest + channelsOfLayer(plan, layer) * (2 * states + OP_TENSORS);
  });
  return Math.max(DECODER_NUMBERS, ...layers) * BYTES_PER_NUMBER * OVERHEAD;
}
