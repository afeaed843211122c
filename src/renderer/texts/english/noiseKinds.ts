import type { Noise } from "#shared/image/noise.ts";

/** The kinds of noise, called the same in every room. */
export const noiseKindTexts: Readonly<Record<Noise["kind"], string>> = {
  gaussian: "Gaussian",
  poisson_gaussian: "Poisson–Gaussian",
  paired: "Pairs",
};
