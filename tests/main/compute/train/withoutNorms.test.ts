import { join } from "node:path";

import * as tf from "@tensorflow/tfjs-core";
import { describe, expect, it } from "vitest";

import { Denoiser } from "#main/compute/denoise/denoiser.ts";
import { startEngine } from "#main/compute/engine/engine.ts";
import { cutParameters, initialiseParameters } from "#main/compute/layers/parameters.ts";
import { readNetwork } from "#main/compute/network/networkFile.ts";
import { runTraining } from "#main/compute/train/trainLoop.ts";
import type { TrainConfig } from "#shared/runs/config.ts";
import { graphParameters } from "#shared/space/graph/graphParameters.ts";
import { sizeOfShape } from "#shared/space/graph/parameters.ts";
import { buildNetworkGraph } from "#shared/space/spaces/spaces.ts";

import { largestDifference } from "#tests/helpers/arrays.ts";
import { makeRandomPhoto } from "#tests/helpers/makePhoto.ts";
import { countLeaks } from "#tests/helpers/tensors.ts";
import { makeContext, makeRunFolder, readAll } from "#tests/main/compute/job/jobs.ts";
import { predict } from "#tests/main/compute/network/graphPasses.ts";
import { MIXED_PLAN, U_GENOTYPE } from "#tests/main/compute/network/tinyNetwork.ts";

import { configOf } from "./tinyTraining.ts";

const { kernels } = await startEngine();

const known = configOf({ steps: 6, optimiser: { kind: "adam" }, checkpointEverySteps: 1, keepPeriodic: 0 });
const config: TrainConfig = { ...known, network: { ...known.network, stemChannels: 6, normalisation: "none" } };
const request = { config, genotype: U_GENOTYPE };

describe("a training without norms", () => {
  it("learns, goes on after a stop to the same numbers, and leaves no tensor behind", async () => {
    const [whole, broken] = [await makeRunFolder(), await makeRunFolder()];
    const leaks = await countLeaks(async () => {
      await runTraining(await makeContext(), { ...request, folder: whole, resume: false });
    });
    expect(leaks).toBe(0);
    const first = await makeContext((event, control) => {
      if (event.type === "checkpoint" && event.kind === "last" && event.step === 3) control.set("stop");
    });
    const start = { ...request, folder: broken };
    expect(await runTraining(first, { ...start, resume: false })).toEqual({ kind: "stopped", step: 3 });
    expect(await runTraining(await makeContext(), { ...start, resume: true })).toMatchObject({ kind: "finished" });
    expect(await readAll(broken)).toEqual(await readAll(whole));
  });

  it("gives a file whose network denoises as it did in training", async () => {
    const folder = await makeRunFolder();
    await runTraining(await makeContext(), { ...request, folder, resume: false });
    const network = await readNetwork(join(folder, "checkpoints", "best.safetensors"));
    expect(network.plan).toEqual({ ...config.network, genotype: U_GENOTYPE });
    expect(network.statistics).toHaveLength(0);

    const photo = makeRandomPhoto(16, 12);
    const denoiser = new Denoiser(kernels, network);
    const denoised = await denoiser.denoise(photo, { memoryBudgetMb: 4096 }, () => undefined);
    denoiser.dispose();
    const planes = new Map([["noisy", tf.tensor4d(photo.data, [1, 12, 16, 1])]]);
    const trained = predict(kernels, buildNetworkGraph(network.plan), planes, network.parameters).output;
    tf.dispose([...planes.values()]);
    expect(largestDifference(denoised.data, photo.data)).toBeGreaterThan(1e-3);
    expect(largestDifference(denoised.data, trained)).toBeLessThan(1e-5);
  });
});

describe("the start of a network", () => {
  it("is with norms what it always was: each filter uniform in plus or minus 1 / sqrt(fan in)", () => {
    const filters = graphParameters(buildNetworkGraph(MIXED_PLAN)).filter(({ shape }) => shape.length === 4);
    for (const { shape, initialisation, name } of filters) {
      const [height = NaN, width = NaN, input = NaN] = shape;
      const fanIn = height * width * (name.includes("depthwise") || shape[3] === 1 ? 1 : input);
      if (shape[3] !== 1) expect(initialisation).toEqual({ fanIn: sizeOfShape([height, width, input]) });
      else expect(initialisation).toEqual({ fanIn: name === "decoder.output.conv" ? 9 * input : fanIn });
    }
  });

  it("is without norms the same draw", () => {
    const graph = buildNetworkGraph(MIXED_PLAN);
    const bare = buildNetworkGraph({ ...MIXED_PLAN, normalisation: "none" });
    const [normal, plain] = [graph, bare].map((each) => {
      const specs = graphParameters(each);
      return cutParameters(specs, initialiseParameters(specs, 1));
    });
    for (const [name, values] of plain!) {
      const before = normal!.get(name);
      if (before === undefined || name.endsWith(".bias")) continue;
      expect([...values]).toEqual([...before]);
    }
  });
});
