import type { NoiseKind } from "#shared/image/noise.ts";

/** The kinds of noise, called the same in every room. */
export const noiseKindTexts: Readonly<Record<NoiseKind, string>> = {
  gaussian: "Gaussian",
  poisson_gaussian: "Poisson–Gaussian",
  camera: "Camera",
  paired: "Pairs",
};
