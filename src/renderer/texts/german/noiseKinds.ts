import type { NoiseKind } from "#shared/image/noise.ts";

/** The kinds of noise, called the same in every room. */
export const noiseKindTexts: Readonly<Record<NoiseKind, string>> = {
  gaussian: "Gauß",
  poisson_gaussian: "Poisson-Gauß",
  camera: "Kamera",
  paired: "Paare",
};
