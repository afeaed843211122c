import { describe, expect, it } from "vitest";

import { runSearch } from "#main/compute/search/searchLoop.ts";
import { runTraining } from "#main/compute/train/trainLoop.ts";
import type { JobOutcome } from "#main/compute/protocol.ts";
import type { NamedPhoto } from "#shared/image/photo.ts";
import { searchConfigSchema, trainConfigSchema } from "#shared/runs/config.ts";
import { networkCost } from "#shared/space/graph/costModel.ts";
import { planNetwork } from "#shared/space/spaces/networkPlan.ts";
import { buildNetworkGraph } from "#shared/space/spaces/spaces.ts";

import { SMALL_PLAN } from "#tests/main/compute/network/tinyNetwork.ts";

import { makeContext, makeRunFolder, numbersOf, readAll, type TestContext } from "./jobs.ts";

/** Colour, a noise map and half resolution at once, with a stem of another size. */
const FRAME = { imageChannels: 3, noiseMap: true, unshuffle: 2, stemChannels: 6 } as const;
const NOISE = { kind: "gaussian", sigma255: { from: 5, to: 50 } };

type Start = (context: TestContext, folder: string, resume: boolean) => Promise<JobOutcome>;

const search = searchConfigSchema.parse({
  noise: NOISE,
  space: {
    layers: 1,
    nodes: 1,
    filters: 2,
    widthFactors: [1],
    primitives: ["conv_3x3", "none"],
    output: "sigmoid",
    ...FRAME,
  },
  search: { epochs: 3, warmupEpochs: 1, batchSize: 2, patchSize: 16, checkpointEverySteps: 2 },
});
const training = trainConfigSchema.parse({
  noise: NOISE,
  network: { filters: 2, endpointChannels: 5, decoderChannels: 7, ...FRAME },
  training: { steps: 6, batchSize: 2, patchSize: 16, validateEverySteps: 3, checkpointEverySteps: 2 },
});

const JOBS: readonly (readonly [string, Start])[] = [
  ["search", (context, folder, resume) => runSearch(context, { config: search, folder, resume })],
  [
    "training",
    (context, folder, resume) =>
      runTraining(context, { config: training, genotype: SMALL_PLAN.genotype, folder, resume }),
  ],
];

/** A job's context whose photos are in colour, each channel its own. */
async function makeColourContext(stopAt = Infinity): Promise<TestContext> {
  const context = await makeContext((event, control) => {
    if (event.type === "checkpoint" && event.kind === "last" && event.step === stopAt) control.set("stop");
  });
  const colour = ({ name, clean }: NamedPhoto): NamedPhoto => ({
    name,
    clean: {
      ...clean,
      channels: 3,
      data: Float32Array.from(
        { length: 3 * clean.data.length },
        (_, i) => clean.data[Math.floor(i / 3)]! * (1 - (i % 3) / 4),
      ),
    },
  });
  const { weights, architecture, training: trained, validation } = context.photos;
  const photos = {
    weights: weights.map(colour),
    architecture: architecture.map(colour),
    training: trained.map(colour),
    validation: validation.map(colour),
  };
  return { ...context, photos };
}

describe.each(JOBS)("a %s in colour with a noise map at half resolution", (_name, start) => {
  it("validates and shows samples in colour, and gives after a stop the numbers of an unbroken one", async () => {
    const whole = await makeColourContext();
    const folder = await makeRunFolder();
    expect(await start(whole, folder, false)).toMatchObject({ kind: "finished", step: 6 });
    expect(whole.samples.map(({ noisy, denoised }) => [noisy.channels, denoised.channels])).toContainEqual([3, 3]);

    const broken = await makeRunFolder();
    const [first, second] = [await makeColourContext(2), await makeColourContext()];
    expect(await start(first, broken, false)).toEqual({ kind: "stopped", step: 2 });
    expect(await start(second, broken, true)).toMatchObject({ kind: "finished", step: 6 });
    expect(numbersOf([...first.events, ...second.events])).toEqual(numbersOf(whole.events));
    expect((await readAll(broken)).tensors).toEqual((await readAll(folder)).tensors);
  });
});

describe("a search in a frame of its own", () => {
  it("counts its candidates in that frame", async () => {
    const context = await makeColourContext();
    await runSearch(context, { config: search, folder: await makeRunFolder(), resume: false });
    const candidates = context.events.filter((event) => event.type === "candidate");
    expect(candidates.length).toBe(3);
    for (const { genotype, parameters, multiplyAddsPerPixel } of candidates) {
      const graph = buildNetworkGraph(planNetwork(genotype, { filters: 2, ...FRAME }));
      expect(networkCost(graph)).toMatchObject({ parameters, multiplyAddsPerPixel });
    }
  });
});
