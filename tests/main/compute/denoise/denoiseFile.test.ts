import { existsSync } from "node:fs";
import { join } from "node:path";

import { describe, expect, it, onTestFinished } from "vitest";

import { denoiseFile } from "#main/compute/denoise/denoiseFile.ts";
import { Denoiser } from "#main/compute/denoise/denoiser.ts";
import { readPixels, writePixels } from "#main/files/pixelFile.ts";
import { crop, type Rectangle } from "#shared/image/geometry.ts";
import type { Photo } from "#shared/image/photo.ts";

import { makeFolder } from "#tests/helpers/labHome.ts";
import { makeRandomPhoto } from "#tests/helpers/makePhoto.ts";
import { denoiseWhole } from "#tests/helpers/wholeDenoiser.ts";

import { drawNetwork, SMALL_PLAN } from "#tests/main/compute/network/tinyNetwork.ts";

import { budgetFor, kernels, SMALLEST_SIDE } from "./denoisers.ts";

it("gives the network a part of a photo alone where one is named, and writes what comes of it", async () => {
  const folder = await makeFolder();
  const data = Float32Array.from({ length: 5 * 4 * 3 }, (_, index) => index / 60);
  const photo: Photo = { width: 5, height: 4, channels: 3, data };
  const input = await writePixels(join(folder, "in.f32"), photo);
  const area = { x: 1, y: 2, width: 3, height: 2 };
  const seen: Photo[] = [];
  const denoise = async (part: Photo): Promise<Photo> => {
    seen.push(part);
    return { ...part, data: part.data.map((value) => value / 2) };
  };
  const options = { memoryBudgetMb: 64, selfEnsemble: false, area };
  const output = await denoiseFile(denoiseWhole(denoise), input, join(folder, "out.f32"), options, () => undefined);
  expect(output).toMatchObject({ width: 3, height: 2, channels: 3 });
  expect(seen).toEqual([crop(photo, area)]);
  const written = await readPixels(output, { x: 0, y: 0, width: 3, height: 2 });
  expect(written.data).toEqual(crop(photo, area).data.map((value) => value / 2));
});

describe.each([
  ["a grey photo", {}, 1],
  ["a colour photo by a network for grey, channel by channel", {}, 3],
  ["a colour photo by a network that is told the noise", { noiseMap: true, imageChannels: 3, unshuffle: 2 }, 3],
] as const)("%s", (_, frame, channels) => {
  it.each([
    [61, 47],
    [90, 33],
  ])("comes out of a file tile by tile as out of memory, %d x %d pixels", async (width, height) => {
    const plan = { ...SMALL_PLAN, ...frame };
    const denoiser = new Denoiser(kernels, drawNetwork(plan));
    onTestFinished(() => denoiser.dispose());
    const photo = makeRandomPhoto(width, height, channels);
    const folder = await makeFolder();
    const input = await writePixels(join(folder, "in.f32"), photo);
    const options = { memoryBudgetMb: budgetFor(SMALLEST_SIDE + 20, plan) };
    let tiles = 0;
    const target = join(folder, "out.f32");
    const output = await denoiseFile(denoiser, input, target, { ...options, selfEnsemble: false }, () => (tiles += 1));
    expect(tiles).toBeGreaterThan(1);
    const written = await readPixels(output, { x: 0, y: 0, width, height });
    expect(written).toEqual(await denoiser.denoise(photo, options, () => undefined));
  });
});

it("reads no more of a photo at a time than a tile takes where its noise is known", async () => {
  const plan = { ...SMALL_PLAN, noiseMap: true };
  const denoiser = new Denoiser(kernels, drawNetwork(plan));
  onTestFinished(() => denoiser.dispose());
  const photo = makeRandomPhoto(90, 80);
  let most = 0;
  const read = async (area: Rectangle): Promise<Photo> => {
    most = Math.max(most, area.width * area.height);
    return crop(photo, area);
  };
  const side = SMALLEST_SIDE + 20;
  const options = { memoryBudgetMb: budgetFor(side, plan), noise: { kind: "gaussian", sigma255: 25 } } as const;
  await denoiser.denoiseParts(
    { ...photo, read },
    async () => undefined,
    options,
    () => undefined,
  );
  expect(most).toBeGreaterThan(0);
  expect(most).toBeLessThanOrEqual(side * side);
});

it("leaves no file behind where the network fails", async () => {
  const folder = await makeFolder();
  const input = await writePixels(join(folder, "in.f32"), makeRandomPhoto(5, 4));
  const denoise = (): Promise<Photo> => Promise.reject(new Error("too hot"));
  const options = { memoryBudgetMb: 64, selfEnsemble: false };
  const target = join(folder, "out.f32");
  await expect(denoiseFile(denoiseWhole(denoise), input, target, options, () => undefined)).rejects.toThrow("too hot");
  expect(existsSync(target)).toBe(false);
});
