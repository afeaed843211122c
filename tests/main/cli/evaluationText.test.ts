import { describe, expect, it } from "vitest";

import { renderEvaluation } from "#main/cli/evaluationText.ts";
import { type Evaluation, evaluationSchema } from "#shared/runs/evaluation.ts";

const old = { psnrDb: 28, ssim: 0.8, psnr8BitDb: 27.9, ssim8Bit: 0.79 };
const now = { ...old, haarPsi: 0.6543 };

function evaluationOf(scores: Evaluation["mean"]["denoised"]): Evaluation {
  const versions = { noisy: scores, blurred: scores, denoised: scores };
  return evaluationSchema.parse({
    schema: "hinas.evaluation",
    version: 1,
    recipe: { name: "whole", noise: "camera", noiseSeed: 0, clipped: true, channels: "grey" },
    dataset: "set",
    model: { runId: "A1", checkpoint: "best", genotypeHash: "abcd" },
    images: [{ name: "a.png", width: 3, height: 2, ...versions, seconds: 0.25 }],
    mean: versions,
    parameters: 1,
    multiplyAddsPerPixel: 1,
    megapixelsPerSecond: 1,
    peakResidentMb: 1,
    engine: "test",
  });
}

describe("an evaluation for a terminal", () => {
  it("has HaarPSI of each picture and of the mean", () => {
    const [head, , picture, mean] = renderEvaluation(evaluationOf(now)).split("\n");
    expect(head).toMatch(/DENOISED +SSIM +HAARPSI +8-BIT/);
    for (const line of [picture, mean]) expect(line).toMatch(/28\.00 dB +0\.8000 +0\.6543 +27\.90 dB +0\.7900$/);
  });

  it("shows a dash where an older version did not measure it", () => {
    expect(renderEvaluation(evaluationOf(old)).split("\n")[2]).toMatch(/0\.8000 +– +27\.90 dB/);
  });
});
