import { chmod, writeFile } from "node:fs/promises";
import { delimiter, join } from "node:path";

import { describe, expect, it, onTestFinished, vi } from "vitest";

import { decodeNpy, encodeNpy } from "#main/files/npy.ts";
import { findBaselineTools, runBaseline } from "#main/lab/evaluation/baselineTools.ts";
import { createWorkFolder } from "#main/lab/tasks/workFolder.ts";
import { inThread } from "#main/photos/threads/inThread.ts";
import { addNoise } from "#shared/image/noise.ts";
import { cropMiddle } from "#shared/image/geometry.ts";
import { toGrey } from "#shared/image/grey.ts";
import type { Photo } from "#shared/image/photo.ts";
import { computePsnr } from "#shared/image/psnr.ts";
import { generateSamplePhoto, SAMPLE_SET } from "#shared/image/sampleSet.ts";
import { clip } from "#shared/image/scores.ts";
import { createRandom } from "#shared/random/createRandom.ts";
import { BASELINE_METHODS } from "#shared/runs/evaluation.ts";
import { evaluationConfigSchema } from "#shared/runs/config.ts";

import { makeFolder, openLab, writePhotos } from "#tests/helpers/labHome.ts";
import { makeRandomPhoto } from "#tests/helpers/makePhoto.ts";
import { trainModel } from "#tests/helpers/trainedModel.ts";

const NOISE = { kind: "gaussian", sigma255: 25 } as const;
const tools = await findBaselineTools(process.env, null);

/** Puts a program by the names of Python before all others, or alone; it is told nothing but its arguments. */
async function putPython(script: string, isAlone: boolean): Promise<void> {
  const folder = await makeFolder();
  for (const name of ["python3", "python"]) {
    await writeFile(join(folder, name), `#!/bin/sh\n${script}\n`);
    await chmod(join(folder, name), 0o755);
  }
  vi.stubEnv("PATH", isAlone ? folder : `${folder}${delimiter}${process.env["PATH"] ?? ""}`);
  onTestFinished(() => void vi.unstubAllEnvs());
}

async function evaluateWithBaselines(changes: Readonly<Record<string, unknown>> = {}) {
  const folder = await writePhotos(await makeFolder(), 3);
  const { lab, said } = openLab(await makeFolder());
  const model = await trainModel(lab, folder);
  const data = { dataset: folder, maxPhotos: 2 };
  const config = evaluationConfigSchema.parse({ data, noise: NOISE, baselines: true, ...changes });
  return { said, ...(await lab.evaluate(model.id, config, null)) };
}

describe("an array file", () => {
  it.each([1, 3] as const)("of a photo in %d channels is read back as it was written", (channels) => {
    const photo = makeRandomPhoto(5, 3, channels);
    const bytes = encodeNpy(photo);
    expect(decodeNpy(bytes, photo, "test")).toEqual(photo);
    const header = Buffer.from(bytes).toString("latin1", 10, 128);
    expect((bytes.length - photo.data.byteLength) % 64).toBe(0);
    expect(header).toContain(channels === 1 ? "'shape': (3, 5), }" : "'shape': (3, 5, 3), }");
  });

  it("of another shape, cut short or of another kind is refused", () => {
    const photo = makeRandomPhoto(5, 3);
    const bytes = encodeNpy(photo);
    const refused = { kind: "bad_data", message: expect.stringContaining("test: must be a float32 array (5, 3)") };
    const wanted = makeRandomPhoto(3, 5);
    for (const wrong of [bytes, bytes.subarray(0, 40), new Uint8Array(), Buffer.from("PNG".repeat(60))]) {
      expect(() => decodeNpy(wrong, wanted, "test")).toThrow(expect.objectContaining(refused));
    }
    expect(() => decodeNpy(bytes.subarray(0, -4), photo, "test")).toThrow(
      expect.objectContaining({ kind: "bad_data" }),
    );
  });
});

describe("classical methods", () => {
  it("say what is missing where there is no Python, and the network is measured all the same", async () => {
    await putPython("exit 1", true);
    const { baselines, images, said } = await evaluateWithBaselines();
    expect(images).toHaveLength(2);
    const nothing = { tool: null, mean: null, problem: "no Python found as python3 or python" };
    expect(baselines).toMatchObject(BASELINE_METHODS.map((method) => ({ method, ...nothing })));
    expect(said).toContain("bm3d: no Python found as python3 or python");
  });

  it("say which package a Python lacks", async () => {
    await putPython(`echo '{"bm3d": null, "scikit-image": null}'`, true);
    const { baselines } = await evaluateWithBaselines();
    expect(baselines?.map(({ problem }) => problem)).toEqual([
      "no bm3d in python3 or python",
      "no scikit-image in python3 or python",
    ]);
  });

  it("are given up with the line that Python ended with, after one photo and without harm to the others", async () => {
    const versions = '{"bm3d": "9.9", "scikit-image": null}';
    await putPython(`[ $# -eq 2 ] && echo '${versions}' && exit 0; echo "ImportError: no libfoo" >&2; exit 1`, true);
    const { baselines, images, said } = await evaluateWithBaselines();
    expect(images).toHaveLength(2);
    expect(baselines?.[0]).toMatchObject({ method: "bm3d", tool: "bm3d 9.9", mean: null });
    expect(baselines?.[0]?.problem).toContain("ImportError: no libfoo");
    expect(said.filter((line) => line.startsWith("bm3d: "))).toHaveLength(1);
  });

  it("are not run on the reference code's tiles, which are no whole noisy photo", async () => {
    const { baselines } = await evaluateWithBaselines({ protocol: "reference_tiles" });
    expect(baselines?.map(({ problem }) => problem)).toEqual(
      BASELINE_METHODS.map(() => "classical methods are measured on whole pictures only"),
    );
  });

  it("are left out where nobody asks for them", async () => {
    expect(await evaluateWithBaselines({ baselines: false })).not.toHaveProperty("baselines");
  });
});

/** How far above the noisy photo each method gets on a piece of a drawn one; both are clipped. */
async function gainOf(method: (typeof BASELINE_METHODS)[number], clean: Photo): Promise<number> {
  const tool = tools[method];
  if (typeof tool === "string") throw new Error(tool);
  const work = createWorkFolder();
  onTestFinished(() => work.close());
  const noisy = addNoise(clean, NOISE, createRandom(1, "baseline"));
  const options = { work, env: process.env, signal: null };
  const { width, height, channels } = noisy;
  const told = { noisy, shape: { width, height, channels }, sigma255: NOISE.sigma255 };
  const output = await runBaseline(method, tool, told, options, (made) => inThread("toChannels", made, channels));
  expect(output).toMatchObject({ width: clean.width, height: clean.height, channels: clean.channels });
  return computePsnr(clip(output), clean) - computePsnr(clip(noisy), clean);
}

describe.each(BASELINE_METHODS)("%s where a Python has it", (method) => {
  const tool = tools[method];
  const piece = cropMiddle(generateSamplePhoto(0, SAMPLE_SET), 80);
  const photo = { ...piece, width: 80, height: 60, data: piece.data.slice(0, 80 * 60 * piece.channels) };

  it.skipIf(typeof tool === "string").each([1, 3] as const)(
    "takes noise away in %d channels and keeps the size",
    async (channels) => {
      expect(await gainOf(method, channels === 1 ? toGrey(photo) : photo)).toBeGreaterThan(3);
    },
  );
});

it.skipIf(BASELINE_METHODS.some((method) => typeof tools[method] === "string"))(
  "measures classical methods over noise seeds and says what ran, where a Python has them",
  async () => {
    const { baselines } = await evaluateWithBaselines({ noiseSeeds: 2 });
    expect(baselines?.map(({ method }) => method)).toEqual(BASELINE_METHODS);
    for (const { sigma, problem, tool, mean, spread } of baselines ?? []) {
      expect({ sigma, problem }).toEqual({ sigma: "known", problem: null });
      expect(tool).toMatch(/^(bm3d|scikit-image) \d/);
      expect(mean?.psnrDb).toBeGreaterThan(20);
      expect(spread?.psnrDb).toBeGreaterThan(0);
    }
  },
);
