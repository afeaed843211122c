import { describe, expect, it } from "vitest";

import { meanValidationScore } from "#main/compute/learning/validationScore.ts";
import { computePsnr } from "#shared/image/psnr.ts";
import { computeSsim } from "#shared/image/ssim.ts";

import { makeGreyPhoto, makeRandomPhoto } from "#tests/helpers/makePhoto.ts";

describe("meanValidationScore", () => {
  const clean = makeRandomPhoto(16, 12);
  const darker = { ...clean, data: clean.data.map((value) => value * 0.9) };

  it("is the mean SSIM plus a hundredth of the mean PSNR", () => {
    const black = makeGreyPhoto(16, 12, () => 0);
    const { psnrDb, ssim, score } = meanValidationScore([
      { clean, output: darker },
      { clean, output: black },
    ]);
    expect(psnrDb).toBeCloseTo((computePsnr(darker, clean) + computePsnr(black, clean)) / 2, 10);
    expect(ssim).toBeCloseTo((computeSsim(darker, clean) + computeSsim(black, clean)) / 2, 10);
    expect(score).toBeCloseTo(ssim + psnrDb / 100, 10);
  });

  it("looks at outputs clipped to 0..1", () => {
    const white = makeGreyPhoto(16, 12, () => 1);
    const glaring = makeGreyPhoto(16, 12, () => 7);
    expect(meanValidationScore([{ clean, output: glaring }])).toEqual(meanValidationScore([{ clean, output: white }]));
  });
});
