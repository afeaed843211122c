import type { NoiseKind } from "#shared/image/noise.ts";

/** The kinds of noise, called the same in every room. */
export const noiseKindTexts: Readonly<Record<NoiseKind, string>> = {
  gaussian: "高斯",
  poisson_gaussian: "泊松–高斯",
  camera: "相机",
  paired: "成对照片",
};
