import { z } from "zod";

import type { CameraModel } from "./noiseModel.ts";

const schema = z.strictObject({ kind: z.literal("paired") });

/** A guess, for nobody knows how strong the noise of a camera is. */
const ASSUMED_SIGMA_255 = 25;

/** No added noise: the noisy photo of each camera pair is taken. */
export const pairedNoise: CameraModel<typeof schema> = {
  isSynthetic: false,
  schema,
  first: { kind: "paired" },
  level: null,
  settle: (noise) => noise,
  describe: () => "paired",
  largestSigma255: () => ASSUMED_SIGMA_255,
  contradictions: () => [],
};

declare module "./noiseModel.ts" {
  interface NoiseModels {
    paired: typeof pairedNoise;
  }
}
