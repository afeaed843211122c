import { join } from "node:path";

import * as tf from "@tensorflow/tfjs-core";
import { describe, expect, it } from "vitest";

import { readCheckpoint, writeCheckpoint } from "#main/compute/checkpoint/checkpointFile.ts";
import { extrapolateCurve } from "#main/compute/search/predictors/learningCurve.ts";
import { runSearch } from "#main/compute/search/searchLoop.ts";
import { candidateCost } from "#shared/runs/candidateNetwork.ts";
import type { Halving } from "#shared/runs/estimatorSchema.ts";
import { countHalvingSteps } from "#shared/runs/halving.ts";
import { computeEventSchema, type ComputeEvent } from "#shared/runs/runEvent.ts";
import { parseGenotype } from "#shared/space/cells/genotype.ts";
import { genotypeHash } from "#shared/space/spaces/spaces.ts";

import { countLeaks } from "#tests/helpers/tensors.ts";
import { makeContext, makeRunFolder, readAll } from "#tests/main/compute/job/jobs.ts";
import { configOf } from "#tests/main/compute/search/tinySearch.ts";

const TRAINING = { kind: "short_training", steps: 2, filters: 2 };

function configFor(strategy: object, estimator: object = TRAINING) {
  return configOf({ strategy, estimator, patchSize: 16 }, { layers: 1, stemChannels: 4 });
}

function candidatesOf(events: readonly ComputeEvent[]) {
  return events.flatMap((event) => {
    if (event.type !== "candidate") return [];
    return [{ ...event, seconds: undefined, genotype: parseGenotype(event.genotype, "test") }];
  });
}

describe("a search candidate by candidate", () => {
  it("trains each candidate a little, tells its score and cost, keeps the best network, and leaves no tensor", async () => {
    const config = configFor({ kind: "random", candidates: 2 }, { ...TRAINING, steps: 4, curve: true });
    const context = await makeContext();
    const folder = await makeRunFolder();
    const leaking = await makeContext();
    expect(await countLeaks(async () => runSearch(leaking, { config, folder, resume: false }))).toBe(0);
    const outcome = await runSearch(context, { config, folder, resume: false });
    const candidates = candidatesOf(context.events);
    expect(candidates.map(({ step, epoch, strategy, fidelity }) => [step, epoch, strategy, fidelity])).toEqual(
      [1, 2].map((number) => [4 * number, number, "random", 1]),
    );
    expect(new Set(candidates.map((each) => each.genotypeHash)).size).toBe(2);
    for (const { genotype, genotypeHash: hash, parameters, curve, score } of candidates) {
      expect(hash).toBe(genotypeHash(genotype));
      expect(parameters).toBe(candidateCost(config, genotype).parameters);
      expect(curve!.map(({ fidelity }) => fidelity)).toEqual([0.25, 0.5, 1]);
      expect(curve!.at(-1)!.score).toBe(score);
    }
    const best = candidates.toSorted((a, b) => b.score - a.score)[0]!;
    expect(outcome).toMatchObject({
      kind: "finished",
      step: 8,
      best: { step: best.step, validation: { score: best.score } },
    });
    expect((await readAll(folder, "best")).metadata).toMatchObject({ kind: "network" });
    expect(context.samples).toHaveLength(2);
    for (const event of context.events) expect(computeEventSchema.parse(event)).toEqual(event);
  });

  it.each([
    { kind: "evolution", candidates: 5, population: 2, sample: 2 },
    { kind: "bayesian", candidates: 5, initial: 2, batch: 2, networks: 2, layers: 1, width: 4, epochs: 3 },
  ])("goes on after a kill with the same candidates and scores: $kind", async (strategy) => {
    const config = configFor(strategy);
    const whole = await makeContext();
    await runSearch(whole, { config, folder: await makeRunFolder(), resume: false });
    const folder = await makeRunFolder();
    // Stopped in the middle of the fourth candidate, which begins anew.
    const first = await makeContext((event, control) => {
      if (event.type === "candidate" && event.epoch === 3) control.set("stop");
    });
    await runSearch(first, { config, folder, resume: false });
    const second = await makeContext();
    const outcome = await runSearch(second, { config, folder, resume: true });
    expect(outcome).toMatchObject({ kind: "finished", step: 10 });
    expect([...candidatesOf(first.events), ...candidatesOf(second.events)]).toEqual(candidatesOf(whole.events));
    expect(candidatesOf(second.events).length).toBeGreaterThan(0);
  });

  it.each([
    [
      { kind: "tournament", candidates: 5, initial: 2 },
      { kind: "motifs", cells: 1, levels: [{ motifs: 1, nodes: 3 }] },
    ],
    [
      { kind: "random", candidates: 5 },
      { kind: "chain", layers: 2 },
    ],
  ])(
    "trains architectures of other spaces, and goes on after a kill with the same: %o on %o",
    async (strategy, candidates) => {
      const config = configOf({ strategy, candidates, estimator: TRAINING, patchSize: 16 }, { stemChannels: 4 });
      const whole = await makeContext();
      const outcome = await runSearch(whole, { config, folder: await makeRunFolder(), resume: false });
      const folder = await makeRunFolder();
      const first = await makeContext((event, control) => {
        if (event.type === "candidate" && event.epoch === 3) control.set("stop");
      });
      await runSearch(first, { config, folder, resume: false });
      const second = await makeContext();
      expect(await runSearch(second, { config, folder, resume: true })).toEqual(outcome);
      const told = (events: readonly ComputeEvent[]) =>
        events.flatMap((event) => (event.type === "candidate" ? [{ ...event, seconds: undefined }] : []));
      expect([...told(first.events), ...told(second.events)]).toEqual(told(whole.events));
      expect(new Set(told(whole.events).map((event) => event.genotype.schema))).toEqual(
        new Set([`hinas.${candidates.kind}`]),
      );
      const other = configOf({ strategy, estimator: TRAINING, patchSize: 16 }, { stemChannels: 4 });
      await expect(runSearch(await makeContext(), { config: other, folder, resume: true })).rejects.toThrow(
        `search.candidates.kind must be "cells" as in the run's settings, got "${candidates.kind}"`,
      );
    },
  );

  it.each([
    [
      { kind: "random", candidates: 6 },
      { kind: "successive_halving", bracket: 4, factor: 2, rungs: 2, steps: 4, fidelities: ["steps", "filters"] },
    ],
    [
      { kind: "evolution", candidates: 6, population: 2, sample: 2 },
      { kind: "asynchronous_halving", factor: 2, rungs: 3, steps: 8 },
    ],
    [
      { kind: "reinforce", candidates: 9, learningRate: 2 },
      { kind: "successive_halving", bracket: 3, factor: 3, rungs: 2, steps: 3, fidelities: ["steps", "photos"] },
    ],
  ])(
    "trains the best again with more, and goes on after a kill with the same asks: %o, %o",
    async (strategy, estimator) => {
      const config = configFor(strategy, { filters: 4, ...estimator });
      const whole = await makeContext();
      const outcome = await runSearch(whole, { config, folder: await makeRunFolder(), resume: false });
      const all = candidatesOf(whole.events);
      const total = countHalvingSteps(config.search.estimator as Halving, strategy.candidates);
      // Asynchronous halving may leave what is too little for the next.
      expect(outcome.step).toBeLessThanOrEqual(total);
      if (estimator.kind === "successive_halving") expect(outcome.step).toBe(total);
      expect(all.map(({ epoch }) => epoch)).toEqual(all.map((_, index) => index + 1));
      const top = all.filter(({ fidelity }) => fidelity === 1);
      expect(top.length).toBeGreaterThan(0);
      for (const { genotypeHash: hash } of top) {
        const before = all.filter((each) => each.genotypeHash === hash && each.fidelity < 1);
        expect(before.length).toBeGreaterThanOrEqual(estimator.rungs - 1);
      }
      const best = top.toSorted((a, b) => b.score - a.score)[0]!;
      expect(outcome).toMatchObject({ kind: "finished", best: { validation: { score: best.score } } });
      const folder = await makeRunFolder();
      const first = await makeContext((event, control) => {
        if (event.type === "candidate" && event.epoch === 4) control.set("stop");
      });
      await runSearch(first, { config, folder, resume: false });
      const second = await makeContext();
      expect(await runSearch(second, { config, folder, resume: true })).toEqual(outcome);
      expect([...candidatesOf(first.events), ...candidatesOf(second.events)]).toEqual(all);
    },
  );

  it("foretells a training's end from a part of it, which is the beginning of the whole", async () => {
    const strategy = { kind: "random", candidates: 2 };
    const [part, whole] = [await makeContext(), await makeContext()];
    const estimator = { kind: "learning_curve", steps: 16, filters: 2, share: 0.5, validations: 4 };
    const outcome = await runSearch(part, {
      config: configFor(strategy, estimator),
      folder: await makeRunFolder(),
      resume: false,
    });
    expect(outcome).toMatchObject({ kind: "finished", step: 16 });
    const full = configFor(strategy, { kind: "short_training", steps: 16, filters: 2, curve: true });
    await runSearch(whole, { config: full, folder: await makeRunFolder(), resume: false });
    const trained = candidatesOf(whole.events);
    for (const [index, { curve, score, fidelity, genotypeHash: hash }] of candidatesOf(part.events).entries()) {
      expect(hash).toBe(trained[index]!.genotypeHash);
      expect(fidelity).toBe(0.5);
      expect(curve!.map((point) => point.fidelity)).toEqual([0.125, 0.25, 0.375, 0.5]);
      // The same numbers as those of the training that goes to its end.
      expect(curve![1]).toEqual(trained[index]!.curve![0]);
      expect(curve![3]).toEqual(trained[index]!.curve![1]);
      expect(score).toBe(extrapolateCurve(curve!.map((point) => ({ share: point.fidelity, score: point.score }))));
    }
  });

  it("goes on with a checkpoint from before there were rungs", async () => {
    const config = configFor({ kind: "evolution", candidates: 5, population: 2, sample: 2 });
    const whole = await makeContext();
    await runSearch(whole, { config, folder: await makeRunFolder(), resume: false });
    const folder = await makeRunFolder();
    const first = await makeContext((event, control) => {
      if (event.type === "candidate" && event.epoch === 3) control.set("stop");
    });
    await runSearch(first, { config, folder, resume: false });
    const file = join(folder, "checkpoints", "last.safetensors");
    const { kind, tensors, notes } = await readCheckpoint(file, ["search"]);
    const { rounds, ...older } = notes;
    expect(rounds).toBeDefined();
    await writeCheckpoint(file, { kind, tensors, notes: older });
    const second = await makeContext();
    await runSearch(second, { config, folder, resume: true });
    expect([...candidatesOf(first.events), ...candidatesOf(second.events)]).toEqual(candidatesOf(whole.events));
  });

  it("refuses to go on with another strategy's checkpoint", async () => {
    const folder = await makeRunFolder();
    const random = configFor({ kind: "random", candidates: 2 });
    await runSearch(await makeContext(), { config: random, folder, resume: false });
    const more = configFor({ kind: "random", candidates: 3 });
    const going = runSearch(await makeContext(), { config: more, folder, resume: true });
    await expect(going).rejects.toThrow("search.strategy.candidates must be 3 as in the run's settings, got 2");
  });

  it("ends where the space has no more, and says so", async () => {
    const space = { layers: 1, nodes: 1, widthFactors: [1], primitives: ["conv_3x3", "skip_connect"] };
    const config = configOf({ strategy: { kind: "random", candidates: 9 }, estimator: { kind: "parameters" } }, space);
    const context = await makeContext();
    const outcome = await runSearch(context, { config, folder: await makeRunFolder(), resume: false });
    expect(outcome).toEqual({ kind: "finished", step: 4, best: null });
    const log = context.events.flatMap((event) => (event.type === "log" ? [event.message] : []));
    expect(log).toEqual(["the space has no more than these 4 architectures"]);
  });

  it("finds the largest network by its parameters without any training", async () => {
    const config = configFor({ kind: "local_search", candidates: 40 }, { kind: "parameters" });
    const context = await makeContext();
    const before = tf.memory().numTensors;
    await runSearch(context, { config, folder: await makeRunFolder(), resume: false });
    expect(tf.memory().numTensors).toBe(before);
    const candidates = candidatesOf(context.events);
    const best = candidates.toSorted((a, b) => b.score - a.score)[0]!;
    expect(best.score).toBe(best.parameters);
    expect(best.genotype.widthPath).toEqual([1]);
    expect(best.genotype.cells[0]!.nodes.flat().map(({ primitive }) => primitive)).toEqual(["conv_3x3", "conv_3x3"]);
  });

  it.each(["gradient_norm", "snip", "synflow", "jacobian_covariance"])(
    "scores untrained networks by what flows through them: %s",
    async (kind) => {
      const config = configFor({ kind: "random", candidates: 2 }, { kind });
      const [first, again] = [await makeContext(), await makeContext()];
      const folder = await makeRunFolder();
      const leaking = await makeContext();
      expect(await countLeaks(() => runSearch(leaking, { config, folder, resume: false }))).toBe(0);
      await runSearch(first, { config, folder, resume: false });
      await runSearch(again, { config, folder: await makeRunFolder(), resume: false });
      const scores = candidatesOf(first.events).map(({ score }) => score);
      expect(new Set(scores).size).toBe(2);
      for (const score of scores) expect(Math.sign(score)).toBe(kind === "jacobian_covariance" ? -1 : 1);
      expect(candidatesOf(again.events).map(({ score }) => score)).toEqual(scores);
    },
  );

  it("scores a candidate that comes again once", async () => {
    const config = configOf(
      { strategy: { kind: "reinforce", candidates: 12 }, estimator: { kind: "multiply_adds" } },
      { layers: 1, nodes: 1, widthFactors: [1], primitives: ["conv_3x3", "skip_connect"] },
    );
    const context = await makeContext();
    const outcome = await runSearch(context, { config, folder: await makeRunFolder(), resume: false });
    expect(outcome).toMatchObject({ kind: "finished" });
    const candidates = candidatesOf(context.events);
    expect(candidates).toHaveLength(12);
    expect(new Set(candidates.map((each) => each.genotypeHash)).size).toBeLessThanOrEqual(4);
    expect(candidates.map(({ epoch }) => epoch)).toEqual(Array.from({ length: 12 }, (_, index) => index + 1));
  });
});
