import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { brotliDecompressSync } from "node:zlib";

import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { z } from "zod";

import { runSearch } from "#main/compute/search/searchLoop.ts";
import { runTraining } from "#main/compute/train/trainLoop.ts";
import { readNetwork } from "#main/compute/network/networkFile.ts";
import { splitPhotos } from "#main/photos/splitPhotos.ts";
import { readEvents } from "#main/store/runs/eventLog.ts";
import { runManifestSchema, runStatusSchema } from "#main/store/runs/runFiles.ts";
import { toGrey } from "#shared/image/grey.ts";
import { generateSamplePhoto, SAMPLE_SET } from "#shared/image/sampleSet.ts";
import { searchConfigSchema, trainConfigSchema } from "#shared/runs/config.ts";
import { validationSchema } from "#shared/runs/runEvent.ts";

import { makeContext, makeRunFolder } from "#tests/main/compute/job/jobs.ts";
import type { TestContext } from "#tests/main/compute/job/jobs.ts";

/**
 * Runs on the built-in photos that version 0.1.0 wrote and was stopped in, their checkpoints packed. `continued.json` is what
 * 0.1.0 told after it took each up again.
 */
const OLD_RUNS = join(import.meta.dirname, "written-by-0.1.0");

const continuedSchema = z.array(z.object({ step: z.int(), validation: validationSchema }));

async function readOldJson(run: string, file: string): Promise<unknown> {
  return JSON.parse(await readFile(join(OLD_RUNS, run, file), "utf8"));
}

/** Makes a run folder with a checkpoint of an old run. */
async function unpack(run: string): Promise<string> {
  const folder = await makeRunFolder();
  await mkdir(join(folder, "checkpoints"), { recursive: true });
  const packed = await readFile(join(OLD_RUNS, run, "checkpoints", "last.safetensors.br"));
  await writeFile(join(folder, "checkpoints", "last.safetensors"), brotliDecompressSync(packed));
  return folder;
}

/** A context with the photos that the old runs had; its job is told to stop after two validations. */
async function makeOldContext(): Promise<TestContext> {
  const photos = Array.from({ length: 7 }, (_, index) => ({
    name: `sample-${String(index).padStart(3, "0")}`,
    clean: toGrey(generateSamplePhoto(index, SAMPLE_SET)),
  }));
  const { weights, architecture, validation } = splitPhotos(photos, 0.02);
  const training = [...weights, ...architecture];
  let validations = 0;
  const context = await makeContext(({ type }, control) => {
    if (type === "validation") validations += 1;
    if (validations === 2) control.set("stop");
  });
  return { ...context, photos: { weights, architecture, validation, training } };
}

/** Other processors and engines round otherwise, which a few steps do not make much of. */
async function expectAsContinued(run: string, { events }: TestContext): Promise<void> {
  const told = events.flatMap((event) => (event.type === "validation" ? [event] : []));
  const continued = continuedSchema.parse(await readOldJson(run, "continued.json"));
  expect(told).toHaveLength(2);
  for (const { step, validation } of told) {
    const expected = continued.find((each) => each.step === step)!.validation;
    expect(Math.abs(validation.psnrDb - expected.psnrDb)).toBeLessThan(0.05);
    expect(Math.abs(validation.ssim - expected.ssim)).toBeLessThan(0.002);
  }
}

describe("runs of version 0.1.0", () => {
  it.each(["search", "training", "training-adam"])("open: settings, state and events of the %s", async (run) => {
    const { kind } = runManifestSchema.parse(await readOldJson(run, "resolved.json"));
    const config = parse(await readFile(join(OLD_RUNS, run, "config.yaml"), "utf8"));
    expect(() => (kind === "search" ? searchConfigSchema : trainConfigSchema).parse(config)).not.toThrow();
    expect(runStatusSchema.parse(await readOldJson(run, "status.json")).state).toBe("stopped");
    const damaged = readEvents(join(OLD_RUNS, run, "events.jsonl")).filter(({ type }) => type === "log");
    expect(damaged).toEqual([]);
  });

  it("go on with a search to the numbers of 0.1.0", async () => {
    const manifest = runManifestSchema.parse(await readOldJson("search", "resolved.json"));
    if (manifest.kind !== "search") throw new Error("must be a search");
    const context = await makeOldContext();
    const request = { config: manifest.config, folder: await unpack("search"), resume: true };
    expect(await runSearch(context, request)).toMatchObject({ kind: "stopped", step: 12 });
    expect(context.events[0]?.type).toBe("resumed");
    await expectAsContinued("search", context);
  });

  it("go on with a training to the numbers of 0.1.0", async () => {
    const manifest = runManifestSchema.parse(await readOldJson("training", "resolved.json"));
    if (manifest.kind !== "train") throw new Error("must be a training");
    const { config, genotype } = manifest;
    const folder = await unpack("training");
    expect((await readNetwork(join(folder, "checkpoints", "last.safetensors"))).plan.genotype).toEqual(genotype);
    const context = await makeOldContext();
    expect(await runTraining(context, { config, genotype, folder, resume: true })).toMatchObject({
      kind: "stopped",
      step: 25,
    });
    await expectAsContinued("training", context);
  });

  it("train on with Adam at the rates of then", async () => {
    const manifest = runManifestSchema.parse(await readOldJson("training-adam", "resolved.json"));
    expect(manifest.config).toMatchObject({
      training: { optimiser: { kind: "adam", outputRateFactor: 1 / 8, biasRateFactor: 2 } },
    });
  });
});
