import { describe, expect, it } from "vitest";

import { describePhoto } from "#main/lab/models/suggestModel.ts";
import { cameraSchema } from "#shared/image/noise/cameraSettings.ts";
import { addNoise, type SyntheticNoise } from "#shared/image/noise.ts";
import type { Photo } from "#shared/image/photo.ts";
import { generateSamplePhoto, SAMPLE_SET } from "#shared/image/sampleSet.ts";
import { createRandom } from "#shared/random/createRandom.ts";

const CLEAN = generateSamplePhoto(1, SAMPLE_SET);
const CAMERA = cameraSchema.parse({ kind: "camera", shotNoise: 0.003, lumaBlurPx: 0.7, chromaBlurPx: 1.5 });
const WHITE = { kind: "gaussian", sigma255: 15 } as const;

function makeNoisy(noise: SyntheticNoise): Photo {
  return addNoise(CLEAN, noise, createRandom(1));
}

describe("the noise that a model is chosen by", () => {
  it.each([
    ["a camera's where neighbouring pixels have it alike, even in a PNG file without a word on it", CAMERA, true],
    ["white where each pixel has its own", WHITE, false],
  ] as const)("is %s", async (_, noise, hasCameraNoise) => {
    const facts = await describePhoto({ photo: makeNoisy(noise), exif: null, format: "png" }, null);
    expect(facts).toMatchObject({ hasCameraNoise, isSigmaGiven: false });
  });

  it("is the one that a person says, whatever the photo looks like", async () => {
    const facts = await describePhoto({ photo: makeNoisy(CAMERA), exif: new Uint8Array(1), format: "jpeg" }, 12);
    expect(facts).toMatchObject({ sigma255: 12, isSigmaGiven: true, hasCameraNoise: false });
  });

  it("is told by the file where it is too faint to see", async () => {
    const kinds = (["png", "jpeg"] as const).map((format) => describePhoto({ photo: CLEAN, exif: null, format }, null));
    expect((await Promise.all(kinds)).map(({ hasCameraNoise }) => hasCameraNoise)).toEqual([false, true]);
  });
});
