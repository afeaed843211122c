import { describe, expect, it } from "vitest";

import { toCsv } from "#main/lab/evaluation/evaluationCsv.ts";
import type { Evaluation } from "#shared/runs/evaluation.ts";

const scores = { psnrDb: -0.5, ssim: 0.1234567890123, psnr8BitDb: 30, ssim8Bit: 1, haarPsi: 0.9 };

function evaluationOf(image: string): Evaluation {
  return {
    schema: "hinas.evaluation",
    version: 1,
    recipe: { name: "whole", noise: "gaussian-30", noiseSeed: 0, clipped: true, channels: "grey" },
    dataset: "set",
    model: { runId: "A1", checkpoint: "best", genotypeHash: "abcd" },
    images: [{ name: image, width: 3, height: 2, noisy: scores, blurred: scores, denoised: scores, seconds: 0.25 }],
    mean: { noisy: scores, blurred: scores, denoised: scores },
    parameters: 1,
    multiplyAddsPerPixel: 1,
    megapixelsPerSecond: 1,
    peakResidentMb: 1,
    engine: "test",
  };
}

describe("toCsv", () => {
  it("writes a line per picture and version in full precision and the means, with seconds for the network alone", () => {
    const one = evaluationOf("a.png");
    const [image] = one.images;
    if (image === undefined) throw new Error("there must be a picture");
    const images = [image, { ...image, name: "b.png", denoised: { ...scores, psnrDb: 31.5 }, seconds: 0.75 }];
    const mean = { ...one.mean, denoised: { ...scores, psnrDb: 15.5 } };
    const lines = toCsv([{ ...one, images, mean }]).split("\r\n");
    expect(lines.slice(1)).toEqual([
      "whole,set,A1,abcd,a.png,3,2,noisy,-0.5,0.1234567890123,30,1,0.9,",
      "whole,set,A1,abcd,a.png,3,2,blurred,-0.5,0.1234567890123,30,1,0.9,",
      "whole,set,A1,abcd,a.png,3,2,denoised,-0.5,0.1234567890123,30,1,0.9,0.25",
      "whole,set,A1,abcd,b.png,3,2,noisy,-0.5,0.1234567890123,30,1,0.9,",
      "whole,set,A1,abcd,b.png,3,2,blurred,-0.5,0.1234567890123,30,1,0.9,",
      "whole,set,A1,abcd,b.png,3,2,denoised,31.5,0.1234567890123,30,1,0.9,0.75",
      "whole,set,A1,abcd,mean,,,noisy,-0.5,0.1234567890123,30,1,0.9,",
      "whole,set,A1,abcd,mean,,,blurred,-0.5,0.1234567890123,30,1,0.9,",
      "whole,set,A1,abcd,mean,,,denoised,15.5,0.1234567890123,30,1,0.9,0.5",
      "",
    ]);
  });

  it("leaves the cell of HaarPSI empty where an older version did not measure it", () => {
    const old = { psnrDb: -0.5, ssim: 0.1234567890123, psnr8BitDb: 30, ssim8Bit: 1 };
    const lines = toCsv([{ ...evaluationOf("a.png"), mean: { noisy: old, blurred: old, denoised: old } }]).split(
      "\r\n",
    );
    expect(lines[0]).toMatch(/,ssim_8bit,haar_psi,seconds$/);
    expect(lines.at(-2)).toBe("whole,set,A1,abcd,mean,,,denoised,-0.5,0.1234567890123,30,1,,0.25");
  });

  it.each([
    ['say "hi", twice.png', '"say ""hi"", twice.png"'],
    ["two\nlines.png", '"two\nlines.png"'],
    ["=1+1.png", "'=1+1.png"],
    ["@a,b.png", '"\'@a,b.png"'],
  ])("writes the name %j as the cell %j", (name, cell) => {
    expect(toCsv([evaluationOf(name)])).toContain(`abcd,${cell},3,2,noisy`);
  });

  it("writes several evaluations one after the other, with their baselines and the spread over seeds", () => {
    const versions = { noisy: scores, blurred: scores, denoised: scores };
    const spread = {
      ...versions,
      denoised: { psnrDb: 0.02, ssim: 0.001, psnr8BitDb: 0.03, ssim8Bit: 0.002, haarPsi: 0.004 },
    };
    const baselines = [
      { method: "bm3d", tool: "bm3d 4", sigma: "known", mean: scores, seconds: 1, problem: null },
      { method: "non_local_means", tool: null, sigma: "known", mean: null, seconds: 0, problem: "none" },
    ] as const;
    const lines = toCsv([evaluationOf("a.png"), { ...evaluationOf("b.png"), spread, baselines: [...baselines] }]).split(
      "\r\n",
    );
    expect(lines[0]).toMatch(
      /,seconds,psnr_db_spread,ssim_spread,psnr_8bit_db_spread,ssim_8bit_spread,haar_psi_spread$/,
    );
    expect(lines).toHaveLength(1 + 6 + 6 + 1 + 1);
    expect(lines[6]).toBe("whole,set,A1,abcd,mean,,,denoised,-0.5,0.1234567890123,30,1,0.9,0.25,,,,,");
    expect(lines[12]).toBe(
      "whole,set,A1,abcd,mean,,,denoised,-0.5,0.1234567890123,30,1,0.9,0.25,0.02,0.001,0.03,0.002,0.004",
    );
    expect(lines[13]).toBe("whole,set,A1,abcd,mean,,,bm3d,-0.5,0.1234567890123,30,1,0.9,,,,,,");
  });
});
