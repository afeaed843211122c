import { describe, expect, it } from "vitest";

import type { TrainedNetwork } from "#main/compute/network/networkFile.ts";
import { networkStep } from "#main/compute/train/networkStep.ts";
import { NetworkState } from "#main/compute/train/networkState.ts";
import { scoreNetwork } from "#main/compute/train/scoreNetwork.ts";
import type { Photo } from "#shared/image/photo.ts";
import { createRandom } from "#shared/random/createRandom.ts";
import { candidatesSchema, openCandidateSpace } from "#shared/runs/candidatesSchema.ts";
import type { CandidateSpace } from "#shared/space/candidates/candidateSpace.ts";
import { createBatchSource } from "#shared/image/batches.ts";
import { findGrowth } from "#shared/space/graph/growth.ts";
import { networkSettingsSchema } from "#shared/space/spaces/networkPlan.ts";
import { searchSpaceSchema } from "#shared/space/spaces/searchSpace.ts";
import {
  type AnyGenotype,
  type AnyNetworkPlan,
  buildNetworkGraph,
  parseAnyGenotype,
} from "#shared/space/spaces/spaces.ts";

import { makeContext } from "#tests/main/compute/job/jobs.ts";
import { configOf } from "#tests/main/compute/train/tinyTraining.ts";

const context = await makeContext();
const space = searchSpaceSchema.parse({
  layers: 2,
  nodes: 2,
  widthFactors: [1, 1.5],
  primitives: ["conv_3x3", "sep_conv_3x3", "dil_conv_3x3", "skip_connect"],
});
const open = (candidates: object): CandidateSpace<AnyGenotype> =>
  openCandidateSpace(space, candidatesSchema.parse(candidates));
const SPACES = [
  ["cells", open({ kind: "cells" })],
  ["cells on a U", openCandidateSpace({ ...space, kind: "scales", layers: 3 }, { kind: "cells" })],
  ["chain", open({ kind: "chain", layers: 3 })],
  [
    "motifs",
    open({
      kind: "motifs",
      cells: 1,
      levels: [
        { motifs: 2, nodes: 3 },
        { motifs: 1, nodes: 3 },
      ],
    }),
  ],
] as const;

function plan(genotype: AnyNetworkPlan["genotype"], filters: number, stemChannels: number): AnyNetworkPlan {
  return { genotype, ...networkSettingsSchema.parse({ filters, stemChannels, imageChannels: 1 }) };
}

/** A network with random filters, biases and statistics, so that nothing is 0 or 1 by chance. */
async function draw(network: AnyNetworkPlan, seed: number): Promise<TrainedNetwork> {
  const state = new NetworkState({ ...configOf(), seed }, network);
  const found = await state.snapshot();
  state.dispose();
  const random = createRandom(seed, "numbers");
  return {
    ...found,
    parameters: found.parameters.map((value) => value + 0.1 * random.gaussian()),
    statistics: found.statistics.map((value) => value + 0.5 * random.uniform()),
  };
}

async function denoise(network: TrainedNetwork): Promise<Photo> {
  let shown: Photo | null = null;
  await scoreNetwork(context, configOf(), network, ({ denoised }) => (shown = denoised));
  return shown!;
}

describe("a network that has grown", () => {
  it.each(SPACES)("grows with its filters whatever its architecture is: %s", (_, candidates) => {
    const random = createRandom(4, "many");
    for (let draws = 0; draws < 50; draws++) {
      const genotype = candidates.sample(random);
      const [small, large] = [plan(genotype, 4, 5), plan(genotype, 7, 8)];
      expect(findGrowth(buildNetworkGraph(small), buildNetworkGraph(large))).not.toBeNull();
    }
  });

  it.each(SPACES)("computes what it did before, and learns with what is new: %s", async (_, candidates) => {
    const random = createRandom(3, "genotypes");
    const genotype = candidates.sample(random);
    const small = await draw(plan(genotype, 4, 5), 1);
    const state = new NetworkState({ ...configOf(), seed: 9 }, plan(genotype, 7, 8));
    expect(state.takeOver(small).isGrown).toBe(true);
    const [before, after] = [await denoise(small), await denoise(await state.snapshot())];
    const size = Math.max(...before.data.map(Math.abs));
    const farthest = Math.max(...after.data.map((value, pixel) => Math.abs(value - before.data[pixel]!)));
    expect(size).toBeGreaterThan(0.01);
    expect(farthest / Math.max(1, size)).toBeLessThan(1e-5);
    // The same step on the same batch costs the same, norms by the batch included, and moves what is new.
    const batches = createBatchSource({
      photos: [...context.photos.training],
      batchSize: 2,
      patchSize: 16,
      augmentation: configOf().augmentation,
      noise: configOf().noise,
      noiseMap: false,
      seed: 0,
      stream: "training",
    });
    const config = configOf({ batchSize: 2, patchSize: 16 });
    const own = new NetworkState(config, small.plan);
    own.takeOver(small);
    const step = (network: NetworkState): number =>
      networkStep(context.engine.kernels, config, network, batches.batch(0), 1e-3);
    const losses = [step(own), step(state)];
    expect(Math.abs(losses[1]! - losses[0]!) / losses[0]!).toBeLessThan(1e-4);
    own.dispose();
    state.dispose();
  });

  it("may have wider filters, with the old ones in their middle", async () => {
    const sampled = SPACES[2][1].sample(createRandom(5, "chain"));
    const withPrimitive = (primitive: string): AnyGenotype =>
      parseAnyGenotype(
        {
          ...sampled,
          layers: (sampled as unknown as { layers: readonly object[] }).layers.map((layer) => ({
            ...layer,
            primitive,
          })),
        },
        "test",
      );
    const small = await draw(plan(withPrimitive("sep_conv_3x3"), 4, 5), 1);
    const state = new NetworkState({ ...configOf(), seed: 9 }, plan(withPrimitive("sep_conv_5x5"), 4, 5));
    expect(state.takeOver(small).isGrown).toBe(true);
    const [before, after] = [await denoise(small), await denoise(await state.snapshot())];
    state.dispose();
    expect(Math.max(...after.data.map((value, pixel) => Math.abs(value - before.data[pixel]!)))).toBeLessThan(1e-5);
  });

  it("is refused where something else would be computed", () => {
    const random = createRandom(1, "others");
    const [, candidates] = SPACES[0];
    const [genotype, other] = [candidates.sample(random), candidates.sample(random)];
    const graph = (network: AnyNetworkPlan) => buildNetworkGraph(network);
    expect(findGrowth(graph(plan(genotype, 4, 6)), graph(plan(genotype, 4, 6)))).not.toBeNull();
    expect(findGrowth(graph(plan(genotype, 4, 6)), graph(plan(other, 6, 6)))).toBeNull();
    expect(findGrowth(graph(plan(genotype, 6, 6)), graph(plan(genotype, 4, 6)))).toBeNull();
    const colour = { ...plan(genotype, 6, 6), imageChannels: 3 } as const;
    expect(findGrowth(graph(plan(genotype, 4, 6)), graph(colour))).toBeNull();
  });
});
