import { expect, it, onTestFinished } from "vitest";

import { Denoiser } from "#main/compute/denoise/denoiser.ts";

import { MIXED_PLAN, drawNetwork } from "#tests/main/compute/network/tinyNetwork.ts";

import { budgetFor, haloOf, kernels } from "./denoisers.ts";

it("counts how often tiles read a pixel: once where the photo is one, the more often the smaller they are", () => {
  const denoiser = new Denoiser(kernels, drawNetwork(MIXED_PLAN));
  onTestFinished(() => denoiser.dispose());
  const photo = { width: 400, height: 300 };
  const margins = 2 * haloOf(MIXED_PLAN);
  const readsOf = (side: number) => denoiser.countReads(photo, budgetFor(side, MIXED_PLAN) * 1.0001);
  expect(readsOf(400)).toBe(1);
  // At the photo's edges there are no margins.
  expect(readsOf(margins + 100)).toBeGreaterThan(1);
  expect(readsOf(margins + 100)).toBeLessThan(((margins + 100) / 100) ** 2);
  expect(readsOf(margins + 20)).toBeGreaterThan(readsOf(margins + 100));
});
