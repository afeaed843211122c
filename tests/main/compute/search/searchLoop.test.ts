import { readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";

import * as tf from "@tensorflow/tfjs-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { runSearch } from "#main/compute/search/searchLoop.ts";
import { fromEdgeTensors } from "#main/compute/supernet/edgeTensors.ts";
import { supernetParameters } from "#shared/space/spaces/widths/supernetParameters.ts";
import { meanValidationScore } from "#main/compute/learning/validationScore.ts";
import { createRandom } from "#shared/random/createRandom.ts";
import type { SearchConfig } from "#shared/runs/config.ts";
import { computeEventSchema } from "#shared/runs/runEvent.ts";
import type { ComputeEvent } from "#shared/runs/runEvent.ts";
import { deriveGenotype } from "#shared/space/cells/derive.ts";
import { genotypeHash } from "#shared/space/spaces/spaces.ts";
import { networkCost } from "#shared/space/graph/costModel.ts";
import { inferenceBytesPerPixel } from "#shared/space/graph/memoryModel.ts";
import { buildNetworkGraph } from "#shared/space/spaces/spaces.ts";
import { planNetwork } from "#shared/space/spaces/networkPlan.ts";

import { largestPadding } from "#tests/helpers/parameterParts.ts";
import { countLeaks } from "#tests/helpers/tensors.ts";
import { makeContext, makeRunFolder, numbersOf, readAll } from "#tests/main/compute/job/jobs.ts";
import type { TestContext } from "#tests/main/compute/job/jobs.ts";

import { TOTAL, configOf, typesOf } from "./tinySearch.ts";

/** A search by `configOf()` that nothing interrupted: what it told, and its last checkpoint. */
let unbroken: { events: readonly ComputeEvent[]; last: Awaited<ReturnType<typeof readAll>> };

beforeAll(async () => {
  const context = await makeContext();
  const folder = await makeRunFolder(afterAll);
  await runSearch(context, { config: configOf(), folder, resume: false });
  unbroken = { events: context.events, last: await readAll(folder) };
});

/** Runs a search until the checkpoint at `step`, stops it there, and goes on in the same folder. */
async function runBroken(config: SearchConfig, folder: string, step: number): Promise<readonly TestContext[]> {
  const first = await makeContext((event, control) => {
    if (event.type === "checkpoint" && event.kind === "last" && event.step === step) control.set("stop");
  });
  expect(await runSearch(first, { config, folder, resume: false })).toEqual({ kind: "stopped", step });
  const second = await makeContext();
  expect(await runSearch(second, { config, folder, resume: true })).toMatchObject({ kind: "finished", step: TOTAL });
  return [first, second];
}

describe("runSearch", () => {
  it("saves no checkpoint before what it told is kept", async () => {
    const folder = await makeRunFolder();
    const context: TestContext = { ...(await makeContext()), settle: () => Promise.reject(new Error("no host")) };
    const config = configOf({ warmupEpochs: 0 });
    await expect(runSearch(context, { config, folder, resume: false })).rejects.toThrow("no host");
    expect(await readdir(join(folder, "checkpoints"))).toEqual([]);
  });

  it("tells each epoch's arch variables and validation, and keeps the best and the last state", async () => {
    const context = await makeContext();
    const folder = await makeRunFolder();
    const outcome = await runSearch(context, { config: configOf(), folder, resume: false });
    const validations = context.events.flatMap((event) => (event.type === "validation" ? [event] : []));
    // The first epoch is the warm-up.
    const counting = validations.filter(({ epoch }) => epoch > 1);
    const best = counting.toSorted((a, b) => b.validation.score - a.validation.score)[0];
    expect(validations[0]?.isBest).toBe(false);
    expect(outcome).toEqual({
      kind: "finished",
      step: TOTAL,
      best: { step: best?.step, validation: best?.validation },
    });
    expect(validations.map(({ step, epoch }) => [step, epoch])).toEqual([2, 4, 6, 8].map((step) => [step, step / 2]));
    expect(context.events.filter(({ type }) => type === "arch").length).toBe(4);
    expect((await readAll(folder)).metadata).toMatchObject({ kind: "search", step: "8" });
    expect((await readAll(folder, "best")).metadata).toMatchObject({ kind: "search", step: String(best?.step) });
  });

  it("shows a sample picture at each epoch, validated or not, always of the same noisy photo", async () => {
    const context = await makeContext();
    const config = configOf({ validateFromEpoch: 3 });
    await runSearch(context, { config, folder: await makeRunFolder(), resume: false });
    const { samples, events } = context;
    expect(samples.map(({ step, epoch }) => [step, epoch])).toEqual([1, 2, 3, 4].map((epoch) => [2 * epoch, epoch]));
    const clean = context.photos.validation[0]!.clean;
    const scores = samples.map(({ denoised }) => meanValidationScore([{ clean, output: denoised }]));
    const told = events.flatMap((event) => (event.type === "validation" ? [event.validation] : []));
    expect(told).toEqual(scores.slice(2));
    for (const { noisy } of samples) expect(noisy).toEqual(samples[0]!.noisy);
    expect(samples[0]!.noisy.data).not.toEqual(clean.data);
  });

  it("tells with each validation what its epoch derives to, as a candidate with that score", async () => {
    const context = await makeContext();
    const config = configOf({ validateFromEpoch: 3 });
    await runSearch(context, { config, folder: await makeRunFolder(), resume: false });
    const told = <Type extends ComputeEvent["type"]>(type: Type) =>
      context.events.filter((event): event is Extract<ComputeEvent, { type: Type }> => event.type === type);
    const expected = told("validation").map(({ step, epoch, validation }) => {
      const { arch } = told("arch").find((event) => event.step === step)!;
      const genotype = deriveGenotype(arch, config.space.widthFactors);
      const graph = buildNetworkGraph(planNetwork(genotype, { filters: 2 }));
      const { parameters, multiplyAddsPerPixel } = networkCost(graph);
      const costs = { parameters, multiplyAddsPerPixel, memoryBytesPerPixel: inferenceBytesPerPixel(graph) };
      const facts = { score: validation.score, psnrDb: validation.psnrDb, ...costs, fidelity: step / TOTAL };
      const hash = genotypeHash(genotype);
      return { type: "candidate", step, epoch, genotype, genotypeHash: hash, ...facts, strategy: "gradient" };
    });
    expect(expected).toHaveLength(2);
    expect(told("candidate")).toEqual(expected);
    for (const event of told("candidate")) expect(computeEventSchema.parse(event)).toEqual(event);
  });

  it.each([
    ["a U", { kind: "scales", layers: 3, noiseMap: true, stemChannels: 4 }, "hinas.scales", [2, 2, 2]],
    ["resolutions", { kind: "resolutions", layers: 2, stemChannels: 4 }, "hinas.resolutions", [3, 3, 3]],
  ])(
    "searches %s as it searches a row: goes on after a stop to the same numbers, and leaves no tensor behind",
    async (_, space, schema, columns) => {
      const config = configOf({ checkpointEverySteps: 1 }, space);
      const [whole, broken] = [await makeRunFolder(), await makeRunFolder()];
      const leaking = await makeContext();
      expect(await countLeaks(() => runSearch(leaking, { config, folder: whole, resume: false }))).toBe(0);
      const context = await makeContext();
      await runSearch(context, { config, folder: whole, resume: false });
      const again = await runBroken(config, broken, 5);
      expect(numbersOf(again.flatMap(({ events }) => events))).toEqual(numbersOf(context.events));
      expect(await readAll(broken)).toEqual(await readAll(whole));
      const found = context.events.findLast((event) => event.type === "candidate");
      expect(found).toMatchObject({ genotype: { schema, widthFactors: [1, 1.5] } });
      const archs = context.events.flatMap((event) => (event.type === "arch" ? [event.arch.beta] : []));
      expect(archs.at(-1)?.map(({ length }) => length)).toEqual(columns);
      expect(archs.at(-1)).not.toEqual(archs[0]);
    },
  );

  it("leaves alpha and beta alone during the warm-up, and moves them after it", async () => {
    const context = await makeContext();
    await runSearch(context, { config: configOf({ warmupEpochs: 2 }), folder: await makeRunFolder(), resume: false });
    const arch = context.events.flatMap((event) => (event.type === "arch" ? [event.arch] : []));
    expect(arch[1]).toEqual(arch[0]);
    expect(arch[2]).not.toEqual(arch[1]);
    const last = context.events.findLast((event) => event.type === "step");
    expect(last).toMatchObject({ step: TOTAL, totalSteps: TOTAL, epoch: 4 });
    expect(last?.type === "step" ? last.archLoss : NaN).toBeGreaterThan(0);
  });

  it("validates from the epoch that it is told to, and saves each epoch and every so many steps", async () => {
    const context = await makeContext();
    const config = configOf({ validateFromEpoch: 4 });
    await runSearch(context, { config, folder: await makeRunFolder(), resume: false });
    expect(typesOf(context.events)).toEqual([
      ...["arch", "last"],
      ...["last", "arch", "last"],
      ...["arch", "last"],
      ...["arch", "validation", "best", "candidate", "last"],
    ]);
  });

  const random = createRandom(7, "test stops");
  const stops = [1, 2, 3].map(() => 1 + random.integer(TOTAL - 1));

  it.each(stops)("gives after a stop at step %d the numbers of an unbroken search", async (step) => {
    const folder = await makeRunFolder();
    const broken = await runBroken(configOf({ checkpointEverySteps: 1 }), folder, step);
    expect(numbersOf(broken.flatMap(({ events }) => events))).toEqual(numbersOf(unbroken.events));
    expect(broken[1]?.events[0]).toEqual({ type: "resumed", step });
    expect(await readAll(folder)).toEqual(unbroken.last);
  });

  it("gives with recomputed cells what it gives with remembered ones", async () => {
    const folders = [await makeRunFolder(), await makeRunFolder()] as const;
    for (const [index, recompute] of [false, true].entries()) {
      const config = configOf({ epochs: 2, recompute });
      await runSearch(await makeContext(), { config, folder: folders[index]!, resume: false });
    }
    const [plain, again] = [await readAll(folders[0]), await readAll(folders[1])];
    const logits = (all: typeof plain) => [...(all.tensors.get("arch.logits")?.data ?? [])];
    logits(plain).forEach((logit, index) => expect(logits(again)[index]).toBeCloseTo(logit, 5));
  });

  it("takes arch steps on the architecture half and weight steps on the weights half", async () => {
    const run = async (change: Partial<TestContext["photos"]>, warmupEpochs: number) => {
      const context = await makeContext();
      const folder = await makeRunFolder();
      const config = configOf({ epochs: 1, warmupEpochs });
      await runSearch({ ...context, photos: { ...context.photos, ...change } }, { config, folder, resume: false });
      const { tensors } = await readAll(folder);
      return { arch: tensors.get("arch.logits"), stem: tensors.get("stem_1.conv") };
    };
    const { photos } = await makeContext();
    const [plain, others] = [await run({}, 0), await run({ architecture: photos.training }, 0)];
    expect(others.arch).not.toEqual(plain.arch);
    const [warm, othersWarm, elsewhere] = [
      await run({}, 1),
      await run({ architecture: photos.training }, 1),
      await run({ weights: photos.training }, 1),
    ];
    expect(othersWarm).toEqual(warm);
    expect(elsewhere.stem).not.toEqual(warm.stem);
  });

  it("keeps channels that only fill up at zero through all its steps", async () => {
    const folder = await makeRunFolder();
    const config = configOf();
    const { space } = config;
    await runSearch(await makeContext(), { config, folder, resume: false });
    const { tensors } = await readAll(folder);
    const velocity = tensors.get("optimiser.momentum")?.data ?? [];
    expect(largestPadding(supernetParameters(space), velocity)).toBe(0);
    const floats = new Map(
      [...tensors].map(([name, { shape, data }]) => [name, { shape, data: Float32Array.from(data) }]),
    );
    expect(fromEdgeTensors(space, floats, (name) => new Error(name)).every(Number.isFinite)).toBe(true);
  });

  it("refuses to go on from a damaged checkpoint, or from one of another search space", async () => {
    const folder = await makeRunFolder();
    await runSearch(await makeContext(), { config: configOf({ epochs: 2 }), folder, resume: false });
    const other = { config: configOf({}, { nodes: 2 }), folder, resume: true };
    await expect(runSearch(await makeContext(), other)).rejects.toMatchObject({
      kind: "bad_checkpoint",
      message: expect.stringContaining("space.nodes must be 2 as in the run's settings, got 1"),
    });
    await writeFile(join(folder, "checkpoints", "last.safetensors"), "no tensors");
    const damaged = { config: configOf(), folder, resume: true };
    await expect(runSearch(await makeContext(), damaged)).rejects.toMatchObject({ kind: "bad_checkpoint" });
  });

  it("refuses to go on where the same primitives stand in another order, for numbers are kept by position", async () => {
    const folder = await makeRunFolder();
    await runSearch(await makeContext(), { config: configOf({ epochs: 2 }), folder, resume: false });
    const turned = configOf({}, { primitives: ["sep_conv_3x3", "conv_3x3", "none"] });
    await expect(runSearch(await makeContext(), { config: turned, folder, resume: true })).rejects.toMatchObject({
      kind: "bad_checkpoint",
      message: expect.stringContaining("space.primitives must be"),
    });
  });

  it.each(["weights", "architecture"] as const)("refuses to search without photos for %s", async (set) => {
    const context = await makeContext();
    const without = { ...context, photos: { ...context.photos, [set]: [] } };
    const request = { config: configOf(), folder: await makeRunFolder(), resume: false };
    await expect(runSearch(without, request)).rejects.toMatchObject({ kind: "bad_data" });
  });

  describe("leaves no tensor behind", () => {
    it.each([false, true])("after all its steps, recompute %s", async (recompute) => {
      const context = await makeContext();
      const folder = await makeRunFolder();
      const config = configOf({ epochs: 2, recompute });
      expect(await countLeaks(() => runSearch(context, { config, folder, resume: false }))).toBe(0);
      expect(await countLeaks(() => runSearch(context, { config, folder, resume: true }))).toBe(0);
    });

    it("where it diverges", async () => {
      const config = configOf({ weights: { learningRate: 1e30, minLearningRate: 1e30 } });
      const folder = await makeRunFolder();
      const run = async () => runSearch(await makeContext(), { config, folder, resume: false });
      expect(await countLeaks(run)).toBe(0);
    });

    it.each(["checkpoint", "photos"] as const)("where it cannot begin for want of a %s", async (what) => {
      const context = await makeContext();
      const photos = what === "photos" ? { ...context.photos, architecture: [] } : context.photos;
      const request = { config: configOf(), folder: await makeRunFolder(), resume: what === "checkpoint" };
      const run = () => runSearch({ ...context, photos }, request).catch(() => null);
      expect(await countLeaks(run)).toBe(0);
    });
  });

  it("keeps the number of tensors the same from step to step", async () => {
    const counts: number[] = [];
    const context = await makeContext((event) => {
      if (event.type === "checkpoint" && event.kind === "last") counts.push(tf.memory().numTensors);
    });
    const folder = await makeRunFolder();
    const config = configOf({ checkpointEverySteps: 1 });
    await runSearch(context, { config, folder, resume: false });
    // The first arch step, after the first epoch, meets shapes of its own.
    expect(new Set(counts.slice(3)).size).toBe(1);
    expect(await readdir(join(folder, "checkpoints"))).toEqual(["best.safetensors", "last.safetensors"]);
  });
});
