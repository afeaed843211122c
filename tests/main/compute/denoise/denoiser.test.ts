import fc from "fast-check";
import { afterAll, describe, expect, it } from "vitest";

import { Denoiser } from "#main/compute/denoise/denoiser.ts";
import { inferenceBytesPerPixel } from "#main/compute/denoise/inferenceMemory.ts";
import { startEngine } from "#main/compute/engine/engine.ts";
import { mergeChannels, splitChannels } from "#shared/image/channel.ts";
import type { Photo } from "#shared/image/photo.ts";
import { marginsOf } from "#shared/space/graph/receptiveField.ts";

import { largestDifference } from "#tests/helpers/arrays.ts";
import { makeRandomPhoto } from "#tests/helpers/makePhoto.ts";
import { countLeaks } from "#tests/helpers/tensors.ts";

import { MIXED_PLAN, SMALL_PLAN, drawNetwork } from "#tests/main/compute/network/tinyNetwork.ts";
import { genotypes } from "#tests/shared/space/arbitraries.ts";

const { kernels } = await startEngine();
const small = new Denoiser(kernels, drawNetwork(SMALL_PLAN));
const mixed = new Denoiser(kernels, drawNetwork(MIXED_PLAN));
afterAll(() => {
  small.dispose();
  mixed.dispose();
});

/** Enough for any photo of these tests as a whole. */
const PLENTY_MB = 4096;

/** Denoises, and counts the tiles. */
async function denoise(
  photo: Photo,
  { memoryBudgetMb = PLENTY_MB, denoiser = small } = {},
): Promise<{ output: Photo; tiles: readonly string[] }> {
  const tiles: string[] = [];
  const output = await denoiser.denoise(photo, { memoryBudgetMb }, (done, total) => {
    tiles.push(`${done}/${total}`);
  });
  return { output, tiles };
}

/** The memory that a square tile of this side takes by the network's own estimate. */
function budgetFor(side: number, plan = SMALL_PLAN): number {
  return (side * side * inferenceBytesPerPixel(plan)) / 2 ** 20;
}

/** The smallest tile with its halo. */
const haloOf = (plan: typeof SMALL_PLAN): number => marginsOf(plan.genotype).input;
const SMALLEST_SIDE = 16 + 2 * haloOf(SMALL_PLAN);

describe("denoise", () => {
  it("gives in tiles what it gives at once, whatever the size and the budget", async () => {
    let cut = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 90 }),
        fc.integer({ min: 1, max: 90 }),
        fc.integer({ min: SMALLEST_SIDE, max: 70 }),
        async (width, height, side) => {
          const photo = makeRandomPhoto(width, height, 1, side);
          const whole = await denoise(photo);
          const tiled = await denoise(photo, { memoryBudgetMb: budgetFor(side) * 1.0001 });
          expect(whole.tiles).toEqual(["1/1"]);
          cut += tiled.tiles.length > 1 ? 1 : 0;
          expect(largestDifference(tiled.output.data, whole.output.data)).toBeLessThan(1e-5);
        },
      ),
      { numRuns: 15, seed: 1 },
    );
    expect(cut).toBeGreaterThan(3);
  });

  it("gives in tiles what it gives at once with every primitive and two width levels", async () => {
    const photo = makeRandomPhoto(150, 110);
    const side = 20 + 2 * haloOf(MIXED_PLAN);
    const whole = await denoise(photo, { denoiser: mixed });
    const tiled = await denoise(photo, { denoiser: mixed, memoryBudgetMb: budgetFor(side, MIXED_PLAN) });
    expect(tiled.tiles.length).toBeGreaterThan(4);
    expect(largestDifference(tiled.output.data, whole.output.data)).toBeLessThan(1e-5);
  });

  it("gives in tiles what it gives at once whatever the architecture", async () => {
    const photo = makeRandomPhoto(130, 120);
    const upToThreeLayers = genotypes.filter(({ cells }) => cells.length <= 3);
    await fc.assert(
      fc.asyncProperty(upToThreeLayers, async (genotype) => {
        const plan = { genotype, filters: 2 };
        const denoiser = new Denoiser(kernels, drawNetwork(plan));
        const whole = await denoise(photo, { denoiser });
        const tiled = await denoise(photo, {
          denoiser,
          memoryBudgetMb: budgetFor(16 + 2 * haloOf(plan), plan) * 1.0001,
        });
        denoiser.dispose();
        expect(tiled.tiles.length).toBeGreaterThan(1);
        expect(largestDifference(tiled.output.data, whole.output.data)).toBeLessThan(1e-5);
      }),
      { numRuns: 8, seed: 3 },
    );
  });

  it("denoises colour channel by channel", async () => {
    const photo = makeRandomPhoto(20, 17, 3);
    const { output, tiles } = await denoise(photo);
    const planes: Photo[] = [];
    for (const plane of splitChannels(photo)) planes.push((await denoise(plane)).output);
    expect(output).toEqual(mergeChannels(planes));
    expect(tiles).toEqual(["1/3", "2/3", "3/3"]);
  });

  it("counts its tiles up to their number", async () => {
    const { tiles } = await denoise(makeRandomPhoto(80, 40), { memoryBudgetMb: budgetFor(SMALLEST_SIDE + 5) });
    expect(tiles.length).toBeGreaterThan(2);
    expect(tiles).toEqual(tiles.map((_, index) => `${index + 1}/${tiles.length}`));
  });

  it("keeps what lies beyond 0..1, for clipping comes last, and leaves the photo as it was", async () => {
    const { data, ...size } = makeRandomPhoto(24, 18);
    const photo = { ...size, data: data.map((value) => 20 * (value - 0.5)) };
    const before = photo.data.slice();
    const { output } = await denoise(photo);
    expect(Math.min(...output.data)).toBeLessThan(-1);
    expect(Math.max(...output.data)).toBeGreaterThan(2);
    expect(photo.data).toEqual(before);
  });

  it.each([
    [1, 1],
    [1, 40],
    [33, 1],
    [2, 3],
  ])("denoises a photo of %d x %d pixels", async (width, height) => {
    const { output } = await denoise(makeRandomPhoto(width, height));
    expect(output).toMatchObject({ width, height, channels: 1 });
    expect(output.data.length).toBe(width * height);
    expect(output.data.every(Number.isFinite)).toBe(true);
  });

  it("refuses a budget that not even a small tile fits, and says how much one needs", async () => {
    const photo = makeRandomPhoto(60, 60);
    const error: unknown = await denoise(photo, { memoryBudgetMb: 1 }).catch((caught: unknown) => caught);
    expect(error).toMatchObject({ name: "LabError", kind: "memory" });
    const neededMb = Number(/at least (\d+) MB, got 1 MB/.exec((error as Error).message)?.[1]);
    expect((await denoise(photo, { memoryBudgetMb: neededMb })).tiles.length).toBeGreaterThan(1);
  });

  it("leaves no tensor behind, in tiles and where it refuses", async () => {
    const photo = makeRandomPhoto(60, 60, 3);
    expect(await countLeaks(() => denoise(photo, { memoryBudgetMb: budgetFor(SMALLEST_SIDE + 5) }))).toBe(0);
    expect(await countLeaks(() => denoise(photo, { memoryBudgetMb: 1 }).catch(() => null))).toBe(0);
  });

  it("frees its network when it is disposed of", async () => {
    const run = async (): Promise<void> => {
      const denoiser = new Denoiser(kernels, drawNetwork(SMALL_PLAN));
      await denoise(makeRandomPhoto(9, 9), { denoiser });
      denoiser.dispose();
    };
    expect(await countLeaks(run)).toBe(0);
  });
});
