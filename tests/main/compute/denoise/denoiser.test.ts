import * as tf from "@tensorflow/tfjs-core";
import type { Tensor4D } from "@tensorflow/tfjs-core";
import fc from "fast-check";
import { describe, expect, it, onTestFinished } from "vitest";

import { Denoiser } from "#main/compute/denoise/denoiser.ts";
import { cutParameters, layParameters } from "#main/compute/layers/parameters.ts";
import { foldNorms } from "#main/compute/network/foldNorms.ts";
import { mergeChannels, splitChannels } from "#shared/image/channel.ts";
import { estimateSigma255 } from "#shared/image/estimateSigma.ts";
import { crop, padToMultiple } from "#shared/image/geometry.ts";
import { toGrey } from "#shared/image/grey.ts";
import { firstNoise, noiseMapOf, settleNoise } from "#shared/image/noise.ts";
import type { Photo } from "#shared/image/photo.ts";
import { createRandom } from "#shared/random/createRandom.ts";
import { foldGraph, graphParameters } from "#shared/space/graph/graphParameters.ts";
import { buildNetworkGraph } from "#shared/space/spaces/spaces.ts";
import type { Genotype } from "#shared/space/cells/genotype.ts";
import { type NetworkPlan, planNetwork } from "#shared/space/spaces/networkPlan.ts";

import { largestDifference } from "#tests/helpers/arrays.ts";
import { makeRandomPhoto } from "#tests/helpers/makePhoto.ts";
import { countLeaks } from "#tests/helpers/tensors.ts";

import { predictFolded } from "#tests/main/compute/network/graphPasses.ts";
import {
  DEFORMABLE_PLAN,
  FRAMES,
  MIXED_PLAN,
  SMALL_PLAN,
  drawNetwork,
} from "#tests/main/compute/network/tinyNetwork.ts";
import { networkPlans, scaleOfPlan } from "#tests/shared/space/arbitraries.ts";

import { SMALLEST_SIDE, budgetFor, denoise, haloOf, kernels, mixed } from "./denoisers.ts";

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

  it("gives in tiles what it gives at once where taps move up to their limit", async () => {
    const network = drawNetwork(DEFORMABLE_PLAN);
    const specs = graphParameters(buildNetworkGraph(DEFORMABLE_PLAN));
    const parts = cutParameters(specs, network.parameters);
    const far = layParameters(specs, ({ name }) =>
      (parts.get(name) ?? new Float32Array()).map((value) => (name.includes(".offsets.") ? 50 * value : value)),
    );
    const denoiser = new Denoiser(kernels, { ...network, parameters: far });
    const photo = makeRandomPhoto(140, 110);
    const side = 20 + 2 * haloOf(DEFORMABLE_PLAN);
    const whole = await denoise(photo, { denoiser });
    const tiled = await denoise(photo, { denoiser, memoryBudgetMb: budgetFor(side, DEFORMABLE_PLAN) });
    expect(tiled.tiles.length).toBeGreaterThan(4);
    expect(largestDifference(tiled.output.data, whole.output.data)).toBeLessThan(1e-5);
    denoiser.dispose();
  });

  it("gives in tiles what it gives at once whatever the frame, the architecture, the size and the budget", async () => {
    const counts = new Map<string, number>();
    const sides = fc.tuple(fc.integer({ min: 80, max: 150 }), fc.integer({ min: 80, max: 150 }));
    await fc.assert(
      fc.asyncProperty(networkPlans, sides, async (plan, [width, height]) => {
        const denoiser = new Denoiser(kernels, drawNetwork(plan));
        const photo = makeRandomPhoto(width, height, plan.imageChannels);
        const whole = await denoise(photo, { denoiser });
        expect(whole.tiles).toEqual(["1/1"]);
        expect(whole.output).toMatchObject({ width, height, channels: plan.imageChannels });
        const smallest = 16 * scaleOfPlan(plan) + 2 * haloOf(plan);
        for (const side of [smallest, smallest + 7, smallest + 30]) {
          const memoryBudgetMb = budgetFor(side, plan) * 1.0001;
          const tiled = await denoise(photo, { denoiser, memoryBudgetMb });
          const key = `${plan.unshuffle}${plan.noiseMap ? " map" : ""}`;
          counts.set(key, Math.max(counts.get(key) ?? 0, tiled.tiles.length));
          expect(largestDifference(tiled.output.data, whole.output.data)).toBeLessThan(2e-6);
        }
        denoiser.dispose();
      }),
      { numRuns: 24, seed: 5 },
    );
    expect([...counts.keys()].toSorted()).toEqual(["1", "1 map", "2", "2 map"]);
    expect(Math.min(...counts.values())).toBeGreaterThan(1);
  });

  it("gives in tiles what it gives at once for 131 x 87 pixels in colour with a noise map at half resolution", async () => {
    const plan = planNetwork(SMALL_PLAN.genotype, { filters: 2, ...FRAMES[3] });
    const denoiser = new Denoiser(kernels, drawNetwork(plan));
    const photo = makeRandomPhoto(131, 87, 3);
    const noise = { kind: "poisson_gaussian", gain: 0.01, sigma255: 10 } as const;
    const whole = await denoise(photo, { denoiser, noise });
    for (const side of [60, 75, 90]) {
      const tiled = await denoise(photo, { denoiser, noise, memoryBudgetMb: budgetFor(side, plan) });
      expect(tiled.tiles.length).toBeGreaterThan(1);
      expect(largestDifference(tiled.output.data, whole.output.data)).toBeLessThan(2e-6);
    }
    denoiser.dispose();
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

describe("denoise with a frame of its own", () => {
  const open = (frame: object): { plan: NetworkPlan<Genotype>; denoiser: Denoiser } => {
    const plan = planNetwork(SMALL_PLAN.genotype, { filters: 2, ...frame });
    const denoiser = new Denoiser(kernels, drawNetwork(plan));
    onTestFinished(() => {
      denoiser.dispose();
    });
    return { plan, denoiser };
  };

  /** What the network itself makes of its planes, without tiles or a graph of the engine. */
  function runDirectly(plan: NetworkPlan<Genotype>, planes: Readonly<Record<string, Photo>>): Float32Array {
    const graph = buildNetworkGraph(plan);
    const { parameters, statistics } = drawNetwork(plan);
    const tensors = Object.entries(planes).map(([name, { width, height, channels, data }]): [string, Tensor4D] => [
      name,
      tf.tensor4d(data, [1, height, width, channels]),
    ]);
    const flat = foldNorms(graph, parameters, statistics);
    const output = predictFolded(kernels, foldGraph(graph), new Map(tensors), flat);
    tf.dispose(tensors.map(([, tensor]) => tensor));
    return output;
  }

  it("gives a colour network all three channels at once", async () => {
    const { plan, denoiser } = open({ imageChannels: 3 });
    const photo = makeRandomPhoto(20, 17, 3);
    const { output, tiles } = await denoise(photo, { denoiser });
    expect(tiles).toEqual(["1/1"]);
    expect(output).toMatchObject({ width: 20, height: 17, channels: 3 });
    expect(largestDifference(output.data, runDirectly(plan, { noisy: photo }))).toBeLessThan(2e-6);
  });

  it("gives a colour network a grey photo as three equal channels, and makes the result grey", async () => {
    const { denoiser } = open({ imageChannels: 3 });
    const grey = makeRandomPhoto(20, 17);
    const { output } = await denoise(grey, { denoiser });
    const colour = await denoise(mergeChannels([grey, grey, grey]), { denoiser });
    expect(output).toEqual(toGrey(colour.output));
    expect(output.channels).toBe(1);
  });

  it.each([
    [1, 1],
    [1, 2],
    [5, 4],
    [31, 27],
  ])("repeats the edge of a photo of %d x %d pixels for a network at half resolution", async (width, height) => {
    const { plan, denoiser } = open({ unshuffle: 2 });
    const photo = makeRandomPhoto(width, height);
    const { output } = await denoise(photo, { denoiser });
    expect(output).toMatchObject({ width, height, channels: 1 });
    const padded = padToMultiple(photo, 2);
    const whole = { ...padded, data: runDirectly(plan, { noisy: padded }) };
    const expected = crop(whole, { x: 0, y: 0, width, height });
    expect(largestDifference(output.data, expected.data)).toBeLessThan(2e-6);
  });

  it("leaves the noise of a photo unestimated, for nobody asks for it", async () => {
    const { denoiser } = open({ noiseMap: false });
    const random = makeRandomPhoto(23, 18, 1, 4);
    let reads = 0;
    const photo: Photo = {
      ...random,
      get data() {
        reads += 1;
        return random.data;
      },
    };
    await denoise(photo, { denoiser, noise: { kind: "gaussian", sigma255: 30 } });
    const whereKnown = reads;
    await denoise(photo, { denoiser });
    expect(reads - whereKnown).toBe(whereKnown);
  });

  describe("and a noise map", () => {
    const photo = makeRandomPhoto(23, 18, 1, 4);
    const estimated = { kind: "gaussian", sigma255: estimateSigma255(photo) } as const;

    it.each([
      { kind: "gaussian", sigma255: 30 },
      { kind: "poisson_gaussian", gain: 0.02, sigma255: 5 },
    ] as const)("tells the network the noise that it is given: %j", async (noise) => {
      const { plan, denoiser } = open({ noiseMap: true });
      const { output } = await denoise(photo, { denoiser, noise });
      const expected = runDirectly(plan, { noisy: photo, noise_map: noiseMapOf(noise, photo) });
      expect(largestDifference(output.data, expected)).toBeLessThan(2e-6);
      expect(largestDifference(output.data, (await denoise(photo, { denoiser })).output.data)).toBeGreaterThan(1e-4);
    });

    it("estimates the noise of the whole photo where it is given none, or that of cameras", async () => {
      const { plan, denoiser } = open({ noiseMap: true });
      const expected = runDirectly(plan, { noisy: photo, noise_map: noiseMapOf(estimated, photo) });
      const { output } = await denoise(photo, { denoiser });
      expect(largestDifference(output.data, expected)).toBeLessThan(2e-6);
      expect((await denoise(photo, { denoiser, noise: { kind: "paired" } })).output).toEqual(output);
      const camera = settleNoise(firstNoise("camera"), createRandom(1));
      expect((await denoise(photo, { denoiser, noise: camera })).output).toEqual(output);
      expect((await denoise(photo, { denoiser, noise: estimated })).output).toEqual(output);
    });

    it("tells a grey network about each channel of a colour photo by itself", async () => {
      const { denoiser } = open({ noiseMap: true });
      const colour = makeRandomPhoto(12, 9, 3);
      const noise = { kind: "poisson_gaussian", gain: 0.02, sigma255: 5 } as const;
      const { output } = await denoise(colour, { denoiser, noise });
      const planes: Photo[] = [];
      for (const plane of splitChannels(colour)) planes.push((await denoise(plane, { denoiser, noise })).output);
      expect(output).toEqual(mergeChannels(planes));
    });
  });
});
