import { join } from "node:path";

import { describe, expect, it } from "vitest";

import { Denoiser } from "#main/compute/denoise/denoiser.ts";
import { startEngine } from "#main/compute/engine/engine.ts";
import { readNetwork } from "#main/compute/network/networkFile.ts";
import { runTraining } from "#main/compute/train/trainLoop.ts";
import { createRandom } from "#shared/random/createRandom.ts";
import { openSampledSpace, type SampledSpaceName } from "#shared/space/spaces/sampledSpaces.ts";

import { makeRandomPhoto } from "#tests/helpers/makePhoto.ts";
import { countLeaks } from "#tests/helpers/tensors.ts";
import { makeContext, makeRunFolder, readAll } from "#tests/main/compute/job/jobs.ts";

import { configOf } from "./tinyTraining.ts";

const { kernels } = await startEngine();
const known = configOf({ steps: 4, checkpointEverySteps: 1, validateEverySteps: 2, keepPeriodic: 0 });
const config = { ...known, network: { ...known.network, stemChannels: 4 } };

describe("a training of a sampled architecture", () => {
  it.each<[SampledSpaceName, object]>([
    ["chain", { layers: 3, dilations: [1, 2] }],
    ["motifs", { levels: [{ motifs: 2, nodes: 3 }, { motifs: 1, nodes: 3 }] }], // prettier-ignore
    ["resolutions", { layers: 3, levels: 2, nodes: 2 }],
  ])("of the space %s goes on after a stop to the same numbers, and its network denoises", async (name, settings) => {
    const genotype = openSampledSpace(name, settings).sample(createRandom(3, name));
    const request = { config, genotype };
    const [whole, broken] = [await makeRunFolder(), await makeRunFolder()];
    const leaks = await countLeaks(async () => {
      await runTraining(await makeContext(), { ...request, folder: whole, resume: false });
    });
    expect(leaks).toBe(0);
    const first = await makeContext((event, control) => {
      if (event.type === "checkpoint" && event.kind === "last" && event.step === 2) control.set("stop");
    });
    const start = { ...request, folder: broken };
    expect(await runTraining(first, { ...start, resume: false })).toEqual({ kind: "stopped", step: 2 });
    expect(await runTraining(await makeContext(), { ...start, resume: true })).toMatchObject({ kind: "finished" });
    expect(await readAll(broken)).toEqual(await readAll(whole));

    const network = await readNetwork(join(whole, "checkpoints", "best.safetensors"));
    expect(network.plan.genotype).toEqual(genotype);
    const denoiser = new Denoiser(kernels, network);
    const photo = await denoiser.denoise(makeRandomPhoto(20, 17), { memoryBudgetMb: 1000 }, () => undefined);
    denoiser.dispose();
    expect([photo.width, photo.height, photo.data.every(Number.isFinite)]).toEqual([20, 17, true]);
  });
});
