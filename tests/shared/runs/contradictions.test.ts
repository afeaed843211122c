import { describe, expect, it } from "vitest";

import { searchConfigSchema, trainConfigSchema } from "#shared/runs/config.ts";
import { findContradictions } from "#shared/runs/contradictions.ts";
import { SETTINGS_KINDS, SETTINGS_SCHEMAS } from "#shared/runs/settings.ts";

const inSearch = (settings: object) => findContradictions(searchConfigSchema.parse(settings)).map(({ what }) => what);
const inTraining = (settings: object) => findContradictions(trainConfigSchema.parse(settings)).map(({ what }) => what);

describe("findContradictions", () => {
  it.each(SETTINGS_KINDS)("finds none in the defaults of %s", (kind) => {
    expect(findContradictions(SETTINGS_SCHEMAS[kind].parse({}))).toEqual([]);
  });

  it("refuses a warm-up that leaves no epoch for the architecture", () => {
    expect(inSearch({ search: { epochs: 20 } })).toEqual([
      "search.warmupEpochs must be less than search.epochs (20), got 20",
    ]);
    expect(inSearch({ search: { epochs: 21 } })).toEqual([]);
  });

  it("refuses ranges that end before they start", () => {
    expect(inSearch({ noise: { kind: "gaussian", sigma255: { from: 50, to: 10 } } })).toEqual([
      "noise.sigma255.from must be at most noise.sigma255.to (10), got 50",
    ]);
    expect(inTraining({ augmentation: { rescaleFrom: 1.5 } })).toEqual([
      "augmentation.rescaleFrom must be at most augmentation.rescaleTo (1.2), got 1.5",
    ]);
    expect(inSearch({ search: { validateFromEpoch: 101 } })).toEqual([
      "search.validateFromEpoch must be at most search.epochs (100), got 101",
    ]);
  });

  it("refuses an unrolled step of another optimiser than SGD", () => {
    expect(inSearch({ search: { order: "second", weights: { optimiser: "adam" } } })).toEqual([
      "search.order second needs search.weights.optimiser sgd, got adam",
    ]);
    expect(inSearch({ search: { order: "second" } })).toEqual([]);
  });

  it("refuses stabilisers that another setting leaves without anything to work on", () => {
    const auxiliarySkip = { kind: "linear" };
    expect(
      inSearch({ space: { primitives: ["conv_3x3", "none"] }, search: { stabilisers: { auxiliarySkip } } }),
    ).toEqual([
      "search.stabilisers.auxiliarySkip.kind linear needs skip_connect in space.primitives, got conv_3x3, none",
    ]);
    expect(inSearch({ search: { stabilisers: { betaDecay: 5, opWeights: { kind: "sigmoid" } } } })).toEqual([
      "search.stabilisers.betaDecay needs search.stabilisers.opWeights.kind softmax, got sigmoid",
    ]);
    expect(inSearch({ search: { stabilisers: { dropTo: [7, 3] } } })).toEqual([
      "search.stabilisers.dropTo must begin below the number of space.primitives (7), got 7",
    ]);
    expect(inSearch({ search: { stabilisers: { dropTo: [5, 3], skipDropout: [0.4] } } })).toEqual([
      "search.stabilisers.skipDropout must have a rate for each stage (one more than search.stabilisers.dropTo: 3), got 1",
    ]);
    expect(
      inSearch({ space: { primitives: ["conv_3x3", "none"] }, search: { stabilisers: { skipDropout: [0.4] } } }),
    ).toEqual(["search.stabilisers.skipDropout needs skip_connect in space.primitives, got conv_3x3, none"]);
    const choice = { kind: "perturbation" };
    expect(inSearch({ search: { stabilisers: { choice }, stopping: { kind: "skips" } } })).toEqual([
      "search.stabilisers.choice.kind perturbation needs search.stopping.kind none, got skips",
    ]);
    const space = { partialChannels: 4 };
    expect(inSearch({ space, search: { stabilisers: { choice, opWeights: { kind: "sigmoid" } } } })).toEqual([
      "search.stabilisers.opWeights.kind must be softmax where space.partialChannels is above 1, got sigmoid",
      "search.stabilisers.choice.kind perturbation needs space.partialChannels 1, got 4",
    ]);
    const perturbation = { kind: "random" };
    expect(inSearch({ search: { stabilisers: { perturbation, opWeights: { kind: "sigmoid" } } } })).toEqual([
      "search.stabilisers.perturbation.kind random needs search.stabilisers.opWeights.kind softmax, got sigmoid",
    ]);
    expect(inSearch({ search: { stabilisers: { betaDecay: 5, auxiliarySkip, perturbation } } })).toEqual([]);
  });

  it("refuses candidates that the strategy cannot take", () => {
    expect(inSearch({ search: { candidates: { kind: "motifs" } } })).toEqual([
      "search.strategy.kind gradient trains a supernet of cells: it needs search.candidates.kind cells, got motifs",
    ]);
    const estimator = { kind: "short_training" };
    const reinforce = { strategy: { kind: "reinforce" }, estimator };
    expect(inSearch({ search: { ...reinforce, candidates: { kind: "motifs" } } })).toEqual([
      "search.strategy.kind reinforce learns choices that are made one by one: it needs search.candidates.kind cells or chain, got motifs",
    ]);
    expect(inSearch({ search: { ...reinforce, candidates: { kind: "chain" } } })).toEqual([]);
    const supernet = { strategy: { kind: "random" }, estimator: { kind: "supernet" } };
    expect(inSearch({ search: supernet })).toEqual([]);
    const curve = { kind: "learning_curve", steps: 12, validations: 7 };
    expect(inSearch({ search: { ...supernet, estimator: curve } })).toEqual([
      "search.estimator.validations must be at most the steps that are trained (6), got 7",
    ]);
    expect(inSearch({ search: { ...supernet, candidates: { kind: "chain" } } })).toEqual([
      "search.estimator.kind supernet has a path for each cell: it needs search.candidates.kind cells, got chain",
    ]);
    // What only cells have says nothing of others.
    const space = { kind: "scales", alphaSharing: "tied" };
    const tournament = { strategy: { kind: "tournament" }, estimator, patchSize: 50 };
    expect(inSearch({ space, search: { ...tournament, candidates: { kind: "motifs" } } })).toEqual([]);
  });

  it("refuses to begin with the weights of parents where a strategy has none", () => {
    const estimator = { kind: "short_training", warmStart: "parent" };
    expect(inSearch({ search: { strategy: { kind: "random" }, estimator } })).toEqual([
      "search.estimator.warmStart parent needs a strategy that changes architectures (evolution, tournament, local_search, bayesian), got search.strategy.kind random",
    ]);
    expect(inSearch({ search: { strategy: { kind: "evolution" }, estimator } })).toEqual([]);
  });

  it("refuses an estimator that does not score what the strategy chooses", () => {
    expect(inSearch({ search: { strategy: { kind: "evolution" } } })).toEqual([
      "search.strategy.kind evolution needs search.estimator.kind short_training, successive_halving, asynchronous_halving, learning_curve, supernet, parameters, multiply_adds, reach, gradient_norm, snip, synflow or jacobian_covariance, got shared_weights",
    ]);
    expect(inSearch({ search: { estimator: { kind: "short_training" } } })).toEqual([
      "search.strategy.kind gradient needs search.estimator.kind shared_weights, got short_training",
    ]);
    const estimator = { kind: "short_training" };
    for (const kind of ["random", "evolution", "tournament", "local_search", "reinforce", "bayesian"]) {
      expect(inSearch({ search: { strategy: { kind }, estimator } })).toEqual([]);
    }
  });

  it("refuses a halving whose rungs would be alike, or whose highest none would reach", () => {
    const strategy = { kind: "random", candidates: 20 };
    const kind = "successive_halving";
    expect(inSearch({ search: { strategy, estimator: { kind, bracket: 20 } } })).toEqual([]);
    expect(inSearch({ search: { strategy, estimator: { kind } } })).toEqual([
      "search.estimator.bracket must be at most search.strategy.candidates (20), got 27",
    ]);
    const many = { kind, bracket: 8, steps: 8, fidelities: ["steps", "photos", "filters"], filters: 4, maxPhotos: 3 };
    const demand = "must be at least 9 for search.estimator.rungs 3 and search.estimator.factor 3, got";
    expect(inSearch({ search: { strategy, estimator: many } })).toEqual([
      `search.estimator.steps ${demand} 8`,
      `search.estimator.maxPhotos ${demand} 3`,
      `search.estimator.filters ${demand} 4`,
      `search.estimator.bracket ${demand} 8`,
    ]);
    const asynchronous = { kind: "asynchronous_halving", fidelities: ["filters"] };
    expect(
      inSearch({
        space: { filters: 8 },
        search: { strategy: { ...strategy, candidates: 5 }, estimator: asynchronous },
      }),
    ).toEqual([`space.filters ${demand} 8`, `search.strategy.candidates ${demand} 5`]);
  });

  it("refuses a space that a strategy cannot take, and a budget that its random beginning uses up", () => {
    const estimator = { kind: "reach" };
    const strategy = { kind: "evolution", candidates: 20 };
    expect(inSearch({ space: { alphaSharing: "tied" }, search: { strategy: { kind: "random" }, estimator } })).toEqual([
      "search.strategy.kind random chooses the cell of each layer by itself: it needs space.alphaSharing per_layer, got tied",
    ]);
    expect(inSearch({ search: { strategy, estimator } })).toEqual([
      "search.strategy.population must be at most search.strategy.candidates (20), got 30",
    ]);
    expect(inSearch({ search: { strategy: { ...strategy, population: 5 }, estimator } })).toEqual([]);
  });

  it("refuses patches that half resolution would cut through", () => {
    expect(inSearch({ space: { unshuffle: 2 }, search: { patchSize: 33 } })).toEqual([
      "search.patchSize must be a multiple of space.unshuffle (2), got 33",
    ]);
    expect(inTraining({ network: { unshuffle: 2 }, training: { patchSize: 33 } })).toEqual([
      "training.patchSize must be a multiple of network.unshuffle (2), got 33",
    ]);
    expect(inTraining({ network: { unshuffle: 2 } })).toEqual([]);
    const stages = [33, 48, 21].map((patchSize) => ({ share: 1 / 3, batchSize: 2, patchSize }));
    expect(inTraining({ network: { unshuffle: 2 }, training: { patchSize: 33, stages } })).toEqual([
      "training.stages[0].patchSize must be a multiple of network.unshuffle (2), got 33",
      "training.stages[2].patchSize must be a multiple of network.unshuffle (2), got 21",
    ]);
  });

  it("refuses patches that a U would cut through", () => {
    const space = { kind: "scales", layers: 5, unshuffle: 2 };
    expect(inSearch({ space, search: { patchSize: 44 } })).toEqual([
      "search.patchSize must be a multiple of 8 for a U of 5 layers, got 44",
    ]);
    expect(inSearch({ space, search: { patchSize: 33 } })).toHaveLength(1);
    expect(inSearch({ space, search: { patchSize: 48 } })).toEqual([]);
  });

  it("refuses a noise map of cameras, and takes one of noise that one sigma per pixel describes", () => {
    expect(inTraining({ network: { noiseMap: true }, noise: { kind: "paired" } })).toEqual([
      "network.noiseMap needs noise whose strength is known, got noise.kind paired: nobody knows that of camera pairs",
    ]);
    expect(inTraining({ network: { noiseMap: true }, noise: { kind: "camera" } })).toEqual([
      "network.noiseMap needs noise whose strength is known, got noise.kind camera: one sigma per pixel does not say what it is like",
    ]);
    expect(inSearch({ space: { noiseMap: true } })).toEqual([]);
  });

  it("refuses a learning rate that falls below its own least", () => {
    expect(inSearch({ search: { weights: { minLearningRate: 0.5 } } })).toEqual([
      "search.weights.minLearningRate must be at most search.weights.learningRate (0.025), got 0.5",
    ]);
    expect(inTraining({ training: { schedule: { kind: "cosine", minLearningRate: 1 } } })).toEqual([
      "training.schedule.minLearningRate must be at most training.optimiser.learningRate (0.05), got 1",
    ]);
  });
});
