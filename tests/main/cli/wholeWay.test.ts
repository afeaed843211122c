import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";

import sharp from "sharp";
import { expect, it, onTestFinished } from "vitest";

import { createLab } from "#main/lab/lab.ts";
import type { DerivedArchitecture } from "#shared/api/architectures.ts";
import { type DenoisedFile, denoisedFileSchema, denoiseRequestSchema } from "#shared/api/denoising.ts";
import type { RunSummary } from "#shared/api/runs.ts";
import type { Evaluation } from "#shared/runs/evaluation.ts";

import { makeBench } from "./bench.ts";

/** The smallest search and training that go through every part. */
const SETTINGS = `
noise: {kind: gaussian, sigma255: 30}
data: {maxPhotos: 3}
search: {epochs: 2, warmupEpochs: 1, batchSize: 1, patchSize: 16}
training: {steps: 4, batchSize: 1, patchSize: 16, optimiser: {kind: adam}, validateEverySteps: 2, checkpointEverySteps: 2}
evaluation: {data: {maxPhotos: 2}}
`;
const CELL = "nodes: 1, filters: 2, widthFactors: [1, 2], primitives: [conv_3x3, skip_connect, none]";

/** Each space, and from what its training takes the architecture: a run gives its frame along, a file has none. */
const SPACES = [
  { kind: "widths", trainFrom: "file", settings: `space: {layers: 2, ${CELL}}\nnetwork: {filters: 2}\n` },
  {
    kind: "scales",
    trainFrom: "run",
    settings: `space: {kind: scales, layers: 3, ${CELL}, noiseMap: true, unshuffle: 2, stemChannels: 6}
network: {filters: 2, normalisation: none}\n`,
  },
] as const;

it.each(SPACES)(
  "searches $kind, derives, trains, evaluates and denoises, each by the id that the one before printed",
  async ({ settings, trainFrom }) => {
    const { folder, home, spawn } = await makeBench();
    await writeFile(join(folder, "hinas.yaml"), SETTINGS + settings);
    await sharp({ create: { width: 37, height: 29, channels: 3, background: "rgb(90,120,150)" } })
      .png()
      .toFile(join(folder, "photo.png"));
    let talk = "";
    const call = async <T>(...args: readonly string[]): Promise<T> => {
      const { code, stdout, stderr } = await spawn([...args, "--json"]);
      expect(code, stderr).toBe(0);
      talk = stderr;
      return JSON.parse(stdout) as T;
    };

    const search = await call<{ run: RunSummary; derived: DerivedArchitecture }>("search");
    expect(search.run).toMatchObject({ kind: "search", state: "finished", step: search.run.totalSteps });
    expect(await readFile(search.derived.drawingFile, "utf8")).toContain("<svg");

    const derived = await call<DerivedArchitecture>("derive", search.run.id, "--epoch", "1");
    expect(derived.epoch).toBe(1);

    const [source, hash] =
      trainFrom === "run" ? [search.run.id, search.derived.hash] : [derived.genotypeFile, derived.hash];
    const training = await call<{ run: RunSummary }>("train", source, "--steps", "6");
    expect(training.run).toMatchObject({ kind: "train", state: "finished", step: 6, genotypeHash: hash });

    const out = join(folder, "figures");
    const evaluation = await call<Evaluation>("eval", training.run.id, "--out", out);
    expect(evaluation.images).toHaveLength(2);
    expect(talk).toMatch(/^eval: \d+ % {2}\d\/2 photos/m);
    expect(evaluation.recipe.name).toContain("gaussian-30");
    expect(JSON.parse(await readFile(join(out, "evaluation.json"), "utf8"))).toEqual(evaluation);

    const [denoised] = await call<readonly DenoisedFile[]>("denoise", training.run.id, "photo.png");
    expect(await sharp(denoised?.output ?? "").metadata()).toMatchObject({ width: 37, height: 29, format: "png" });

    const halfway = await call<readonly DenoisedFile[]>("denoise", training.run.id, "photo.png", "--strength", "0.5");
    const lab = createLab({ home, log: () => undefined });
    onTestFinished(() => lab.close());
    const request = { models: [training.run.id], inputs: [join(folder, "photo.png")] };
    const { id: task } = await lab.startDenoise(denoiseRequestSchema.parse(request));
    await expect.poll(async () => (await lab.listTasks())[0]?.state, { timeout: 60_000 }).toBe("finished");
    const inWindow = await lab.renderDenoised(denoisedFileSchema.parse({ task, item: 0, strength: 0.5 }));
    const [byCommand, byWindow] = [halfway[0]?.output ?? "", inWindow.bytes].map((picture) => sharp(picture).raw());
    expect(await byCommand?.toBuffer()).toEqual(await byWindow?.toBuffer());

    const runs = await call<readonly RunSummary[]>("runs", "ls");
    expect(runs.map(({ id }) => id)).toEqual([training.run.id, search.run.id]);
  },
);
