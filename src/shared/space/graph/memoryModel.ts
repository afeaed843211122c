import { edgeCount } from "#shared/space/cells/cellGraph.ts";
import type { Genotype } from "#shared/space/cells/genotype.ts";
import type { SearchSpace } from "#shared/space/spaces/widths/searchSpace.ts";
import { channelsOfLevel, levelCountOfLayer } from "#shared/space/spaces/widths/widthLevels.ts";

/** What is trained. */
export type TrainedThing =
  | { readonly kind: "supernet"; readonly space: SearchSpace; readonly recompute: boolean }
  | { readonly kind: "network"; readonly genotype: Genotype; readonly filters: number };

/** The process with its engine before any batch. */
const ENGINE_MB = 400;
const BYTES_PER_NUMBER = 4;
/** Values kept per output of an op until the backward pass: the convolution's, the norm's, and their gradients. */
const COPIES = 3;
/** Stem (two outputs of 64) and decoder (176 joined, 128 twice): each with its norm and activation. */
const NETWORK_FRAME = 2 * 64 + 176 + 2 * 128;

/**
 * Estimates the resident memory in MB of a training step over `pixels` pixels of a batch, within a factor of about one and
 * a half: what is kept for the backward pass, and the engine itself.
 */
export function trainingMemoryMb(thing: TrainedThing, pixels: number): number {
  const values = thing.kind === "supernet" ? supernetValues(thing) : networkValues(thing);
  return ENGINE_MB + (values * COPIES * BYTES_PER_NUMBER * pixels) / 1e6;
}

/** Every primitive of every edge of every cell; with recomputing only the widest cell's are there at once. */
function supernetValues({ space, recompute }: Extract<TrainedThing, { kind: "supernet" }>): number {
  const perCell = edgeCount(space.nodes) * space.primitives.length;
  const channels = Array.from({ length: space.layers }, (_, layer) =>
    Array.from({ length: levelCountOfLayer(layer, space.widthFactors.length) }, (_, level) =>
      channelsOfLevel(space, level),
    ),
  ).flat();
  const states = channels.reduce((sum, each) => sum + space.nodes * each, 0);
  const cells = recompute ? Math.max(...channels) : channels.reduce((sum, each) => sum + each, 0);
  return perCell * cells + states;
}

function networkValues({ genotype, filters }: Extract<TrainedThing, { kind: "network" }>): number {
  const { cells, widthPath, widthFactors } = genotype;
  const ops = cells.reduce((sum, { nodes }, layer) => {
    const channels = channelsOfLevel({ filters, widthFactors }, widthPath[layer] ?? 0);
    return sum + (2 + 2 * nodes.flat().length) * channels;
  }, 0);
  return ops + NETWORK_FRAME;
}
