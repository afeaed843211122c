import { afterAll } from "vitest";

import { Denoiser } from "#main/compute/denoise/denoiser.ts";
import { startEngine } from "#main/compute/engine/engine.ts";
import type { DenoiseOptions } from "#main/compute/protocol.ts";
import type { Photo } from "#shared/image/photo.ts";
import { foldGraph } from "#shared/space/graph/graphParameters.ts";
import { inferenceBytesPerPixel } from "#shared/space/graph/memoryModel.ts";
import { inputMarginPx } from "#shared/space/graph/reach.ts";
import { type AnyNetworkPlan, buildNetworkGraph } from "#shared/space/spaces/spaces.ts";

import { MIXED_PLAN, SMALL_PLAN, drawNetwork } from "#tests/main/compute/network/tinyNetwork.ts";

export const { kernels } = await startEngine();
export const small = new Denoiser(kernels, drawNetwork(SMALL_PLAN));
export const mixed = new Denoiser(kernels, drawNetwork(MIXED_PLAN));
afterAll(() => {
  small.dispose();
  mixed.dispose();
});

/** Enough for any photo of these tests as a whole. */
export const PLENTY_MB = 4096;

interface Wish extends Partial<DenoiseOptions> {
  readonly denoiser?: Denoiser;
}

/** Denoises, and counts the tiles. */
export async function denoise(
  photo: Photo,
  { memoryBudgetMb = PLENTY_MB, denoiser = small, noise }: Wish = {},
): Promise<{ output: Photo; tiles: readonly string[] }> {
  const tiles: string[] = [];
  const output = await denoiser.denoise(photo, { memoryBudgetMb, ...(noise && { noise }) }, (done, total) => {
    tiles.push(`${done}/${total}`);
  });
  return { output, tiles };
}

/** The memory that a square tile of this side takes by the network's own estimate. */
export function budgetFor(side: number, plan: AnyNetworkPlan = SMALL_PLAN): number {
  return (side * side * inferenceBytesPerPixel(foldGraph(buildNetworkGraph(plan)))) / 2 ** 20;
}

/** The smallest tile with its halo. */
export const haloOf = (plan: AnyNetworkPlan): number => inputMarginPx(buildNetworkGraph(plan));
export const SMALLEST_SIDE = 16 + 2 * haloOf(SMALL_PLAN);
