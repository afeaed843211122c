import { describe, expect, it } from "vitest";

import { runTraining } from "#main/compute/train/trainLoop.ts";
import { meanValidationScore } from "#main/compute/learning/validationScore.ts";
import { toNoisy } from "#shared/image/noise.ts";
import { crop } from "#shared/image/geometry.ts";
import { createRandom } from "#shared/random/createRandom.ts";

import { makeGreyPhoto } from "#tests/helpers/makePhoto.ts";
import { makeContext, makeRunFolder } from "#tests/main/compute/job/jobs.ts";

import { configOf, genotype } from "./tinyTraining.ts";

describe("the sample pictures of a training", () => {
  it("shows a sample picture at each validation, always of the same noisy photo", async () => {
    const context = await makeContext();
    const folder = await makeRunFolder();
    await runTraining(context, { config: configOf(), genotype, folder, resume: false });
    const { samples, events, photos } = context;
    expect(samples.map(({ step, epoch }) => [step, epoch])).toEqual([4, 8, 9].map((step) => [step, step / 2]));
    const clean = photos.validation[0]!.clean;
    const scores = samples.map(({ denoised }) => meanValidationScore([{ clean, output: denoised }]));
    expect(scores).toEqual(events.flatMap((event) => (event.type === "validation" ? [event.validation] : [])));
    for (const { noisy } of samples) expect(noisy).toEqual(samples[0]!.noisy);
  });

  it("shows the middle of a photo that is larger than a sample picture", async () => {
    const context = await makeContext();
    const wide = { name: "wide", clean: makeGreyPhoto(270, 24, (x, y) => 0.5 + 0.4 * Math.sin(0.3 * x + 0.2 * y)) };
    const photos = { ...context.photos, validation: [wide] };
    const config = configOf({ steps: 1 });
    await runTraining({ ...context, photos }, { config, genotype, folder: await makeRunFolder(), resume: false });
    const noisy = toNoisy(wide, config.noise, createRandom(config.seed, "validation", "wide"));
    const area = { x: 7, y: 0, width: 256, height: 24 };
    expect(context.samples).toMatchObject([
      { step: 1, noisy: crop(noisy, area), denoised: { width: 256, height: 24 }, clean: crop(wide.clean, area) },
    ]);
  });
});
