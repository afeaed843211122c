import { describe, expect, it } from "vitest";

import { denoiseRequestSchema } from "#shared/api/denoising.ts";
import { noisyPhotoSchema } from "#shared/api/noise.ts";
import { LARGEST_SEED } from "#shared/random/seedSchema.ts";
import { evaluationConfigSchema, trainConfigSchema } from "#shared/runs/config.ts";

const noise = { kind: "gaussian", sigma255: 30 } as const;

describe("the largest seed", () => {
  it.each([
    ["a run", (seed: number) => trainConfigSchema.safeParse({ seed })],
    ["an evaluation", (noiseSeed: number) => evaluationConfigSchema.safeParse({ noiseSeed })],
    [
      "photos to denoise",
      (noiseSeed: number) => denoiseRequestSchema.safeParse({ models: ["a"], inputs: ["b"], noiseSeed }),
    ],
    ["the bench", (seed: number) => noisyPhotoSchema.safeParse({ dataset: "a", photo: "b", noise, seed })],
  ])("is the same for %s", (_, read) => {
    expect(read(LARGEST_SEED).success).toBe(true);
    expect(read(LARGEST_SEED + 1).success).toBe(false);
  });
});
