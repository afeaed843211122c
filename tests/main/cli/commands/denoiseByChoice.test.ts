import { join } from "node:path";

import { describe, expect, it } from "vitest";

import { writeColourPhotos, writePhotos } from "#tests/helpers/labHome.ts";
import { writeTinyModel } from "#tests/helpers/shippedModels.ts";
import { makeBench } from "#tests/main/cli/bench.ts";

describe("hinas denoise without a model", () => {
  it("takes for each photo the model in the box that fits it, and says why in a line", async () => {
    const { folder, spawn } = await makeBench();
    const box = join(folder, "box");
    await writeTinyModel(box, "small-grey");
    await writeTinyModel(box, "small-colour", { imageChannels: 3, noiseMap: true });
    await writePhotos(folder, 1, 48);
    await writeColourPhotos(folder, 1, 48);
    const env = { HINAS_MODELS: box, HINAS_CACHE: join(folder, "no engine") };

    const listed = await spawn(["models", "ls"], env);
    expect(listed.stdout).toMatch(/in the box +grey, noise map .*small-grey/);
    const { code, stdout, stderr } = await spawn(["denoise", "photo-00.png", "colour-00.png", "--sigma", "25"], env);
    expect(stdout).toMatch(/photo-00_hinas-[0-9a-f]{8}\.png\n.*colour-00_hinas-[0-9a-f]{8}\.png\n/);
    const told = stderr.split("\n").map((line) => line.trim());
    expect(told).toContain(
      "small-grey, trained for grey pictures and gaussian noise from 0 to 50, for a grey photo with noise of 25",
    );
    expect(told).toContain(
      "small-colour, trained for colour pictures and gaussian noise from 0 to 50, for a colour photo with noise of 25",
    );
    expect(code).toBe(0);

    const kept = await spawn(["models", "rm", "small-grey"], env);
    expect(kept).toMatchObject({ code: 3, stderr: expect.stringContaining("came with the program and stays") });
  }, 120_000);

  it("says what can be done where there is no model to choose", async () => {
    const { folder, spawn } = await makeBench();
    await writePhotos(folder, 1, 48);
    const { code, stderr } = await spawn(["denoise", "photo-00.png"], { HINAS_MODELS: join(folder, "none") });
    expect(code).toBe(3);
    for (const way of ["hinas denoise RUN PHOTO", "hinas models import FILE", "hinas demo"]) {
      expect(stderr).toContain(way);
    }
  });
});
