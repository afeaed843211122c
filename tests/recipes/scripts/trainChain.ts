import { join } from "node:path";

import { Denoiser } from "#main/compute/denoise/denoiser.ts";
import { readNetwork } from "#main/compute/network/networkFile.ts";
import { runTraining } from "#main/compute/train/trainLoop.ts";
import { trainConfigSchema } from "#shared/runs/config.ts";
import { networkCost } from "#shared/space/graph/costModel.ts";
import { buildNetworkGraph, genotypeHash, genotypeToJson, parseAnyGenotype } from "#shared/space/spaces/spaces.ts";

import { runSmallJob } from "./smallJob.ts";

/** Trains a chain in two goes, reads it back from its checkpoint and denoises a photo with it. */
await runSmallJob(async ({ context, events, folder }) => {
  const genotype = parseAnyGenotype({ sides: [5, 3, 1], version: 1, schema: "toy.chain" }, "toy");
  const train = async (steps: number, resume: boolean) => {
    const training = { steps, batchSize: 1, patchSize: 16, validateEverySteps: 2, checkpointEverySteps: 2 };
    const config = trainConfigSchema.parse({ network: { filters: 4, unshuffle: 2, noiseMap: true }, training });
    return runTraining(context, { config, genotype, folder, resume });
  };
  const outcomes = [await train(2, false), await train(4, true)];
  const network = await readNetwork(join(folder, "checkpoints/best.safetensors"));
  const denoiser = new Denoiser(context.engine.kernels, network);
  const { clean } = context.photos.validation[0]!;
  const whole = await denoiser.denoise(clean, { memoryBudgetMb: 1000 }, () => undefined);
  denoiser.dispose();
  const { parameters, multiplyAddsPerPixel, receptiveFieldPx } = networkCost(buildNetworkGraph(network.plan));
  return {
    outcomes: outcomes.map(({ kind, step }) => ({ kind, step })),
    resumedAt: events.flatMap((event) => (event.type === "resumed" ? [event.step] : [])),
    genotype: genotypeToJson(network.plan.genotype),
    isSameHash: genotypeHash(network.plan.genotype) === genotypeHash(genotype),
    parameters,
    multiplyAddsPerPixel,
    receptiveFieldPx,
    denoised: [whole.width, whole.height, whole.data.every((value) => Number.isFinite(value))],
  };
});
