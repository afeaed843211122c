import { readdir } from "node:fs/promises";
import { join } from "node:path";

import { describe, expect, it } from "vitest";

import { readModel } from "#main/compute/network/modelFile.ts";
import { openShortTraining } from "#main/compute/search/estimators/shortTraining.ts";
import type { Trial } from "#main/compute/search/estimators/trial.ts";
import { scoreNetwork } from "#main/compute/train/scoreNetwork.ts";
import { WarmStarts } from "#main/compute/search/candidates/warmStarts.ts";
import { runSearch } from "#main/compute/search/searchLoop.ts";
import type { Photo } from "#shared/image/photo.ts";
import { createRandom } from "#shared/random/createRandom.ts";
import { openCandidateSpace } from "#shared/runs/candidatesSchema.ts";
import { shortTrainingSchema } from "#shared/runs/estimatorSchema.ts";
import type { ComputeEvent } from "#shared/runs/runEvent.ts";
import { type AnyGenotype, parseAnyGenotype } from "#shared/space/spaces/spaces.ts";

import { countLeaks } from "#tests/helpers/tensors.ts";
import { makeContext, makeRunFolder } from "#tests/main/compute/job/jobs.ts";
import { configOf } from "#tests/main/compute/search/tinySearch.ts";

const STRATEGY = { kind: "evolution", candidates: 9, population: 3, sample: 2 };

function configFor(warmStart: string, candidates: object = { kind: "chain", layers: 2 }) {
  const estimator = { kind: "short_training", steps: 2, filters: 2, warmStart };
  return configOf({ strategy: STRATEGY, candidates, estimator, patchSize: 16 }, { stemChannels: 4 });
}

function candidatesOf(events: readonly ComputeEvent[]) {
  return events.flatMap((event) => (event.type === "candidate" ? [{ ...event, seconds: undefined }] : []));
}

/** A chain with other widths, and 3x3 convolutions that skip nothing. */
function withWidths(genotype: AnyGenotype, widthLevels: readonly number[]): AnyGenotype {
  const { layers } = genotype as unknown as { layers: readonly object[] };
  const wide = layers.map((layer, index) => ({
    ...layer,
    primitive: "conv_3x3",
    widthLevel: widthLevels[index],
    skipFrom: null,
  }));
  return parseAnyGenotype({ ...genotype, layers: wide }, "test");
}

describe("a search whose candidates begin with the weights of those that they were changed from", () => {
  it("takes over what fits, says how much, and gives other scores than one that begins anew", async () => {
    const config = configFor("parent");
    const leaking = await makeContext();
    const scratch = await makeRunFolder();
    expect(await countLeaks(async () => runSearch(leaking, { config, folder: scratch, resume: false }))).toBe(0);
    const warm = await makeContext();
    await runSearch(warm, { config, folder: await makeRunFolder(), resume: false });
    const anew = await makeContext();
    await runSearch(anew, { config: configFor("none"), folder: await makeRunFolder(), resume: false });
    const [own, other] = [candidatesOf(warm.events), candidatesOf(anew.events)];
    expect(own).toHaveLength(9);
    // Those of the first population have no parent.
    expect(own.map(({ warmStart }) => warmStart !== undefined)).toEqual(
      own.map(({ origin }) => origin?.parent !== undefined),
    );
    const begun = own.flatMap(({ warmStart }) => warmStart ?? []);
    expect(begun.length).toBeGreaterThan(3);
    expect(begun.every(({ taken, of }) => taken > 0 && taken <= of)).toBe(true);
    expect(other.every(({ warmStart }) => warmStart === undefined)).toBe(true);
    expect(own.slice(0, 3).map(({ score }) => score)).toEqual(other.slice(0, 3).map(({ score }) => score));
    expect(own.map(({ score }) => score)).not.toEqual(other.map(({ score }) => score));
  });

  it.each([{ kind: "chain", layers: 2 }, { kind: "cells" }])("goes on after a kill with the same: %o", async (kind) => {
    const config = configFor("parent", kind);
    const whole = await makeContext();
    await runSearch(whole, { config, folder: await makeRunFolder(), resume: false });
    const folder = await makeRunFolder();
    const first = await makeContext((event, control) => {
      if (event.type === "candidate" && event.epoch === 6) control.set("stop");
    });
    await runSearch(first, { config, folder, resume: false });
    const second = await makeContext();
    await runSearch(second, { config, folder, resume: true });
    expect(candidatesOf(second.events)[0]!.warmStart).toBeDefined();
    expect([...candidatesOf(first.events), ...candidatesOf(second.events)]).toEqual(candidatesOf(whole.events));
  });
});

describe("the networks that candidates begin with", () => {
  it("are computed as they were where the candidate is the other one grown", async () => {
    const config = configFor("parent");
    const context = await makeContext();
    const estimator = openShortTraining(context, config, shortTrainingSchema.parse(config.search.estimator));
    const sampled = openCandidateSpace(config.space, config.search.candidates).sample(createRandom(3, "chain"));
    const narrow = withWidths(sampled, [0, 0]);
    const file = join(await makeRunFolder(), "network.safetensors");
    const train = async (trial: Trial, steps: number) => {
      for (let step = 0; step < steps; step++) {
        trial.takeStep();
        await trial.endStep(() => undefined);
      }
      expect(await trial.saveNetwork(file)).toBe(true);
      trial.dispose();
      return (await readModel(file)).network;
    };
    const parent = await train(estimator.open(narrow), 2);
    const trial = estimator.open(withWidths(sampled, [1, 2]), parent);
    expect(trial.begun).toMatchObject({ isGrown: true });
    const child = await train(trial, 0);
    expect(child.plan).not.toEqual(parent.plan);
    const outputs: Photo[] = [];
    for (const network of [parent, child]) {
      await scoreNetwork(context, config, network, ({ denoised }) => void outputs.push(denoised));
    }
    const [before, after] = outputs.map(({ data }) => data);
    expect(Math.max(...before!.map((value, pixel) => Math.abs(value - after![pixel]!)))).toBeLessThan(1e-5);
  });

  it("are those of the newest and the best, and of one candidate before, should its checkpoint be the last", async () => {
    const folder = await makeRunFolder();
    const config = configFor("parent");
    await runSearch(await makeContext(), { config, folder, resume: false });
    const kept = join(folder, "checkpoints", "candidates");
    const [hash = ""] = (await readdir(kept)).map((file) => file.replace(".safetensors", ""));
    const { network } = await readModel(join(kept, `${hash}.safetensors`));
    const starts = new WarmStarts(folder);
    const scored = (worse: number, best: number) => [
      { hash, score: 10 },
      ...Array.from({ length: best }, (_, index) => ({ hash: `best-${index}`, score: 20 + index })),
      ...Array.from({ length: worse }, (_, index) => ({ hash: `worse-${index}`, score: index / 1000 })),
    ];
    expect((await starts.begin(hash, scored(64, 63)))?.parameters).toEqual(network.parameters);
    expect(await starts.begin(undefined, scored(64, 63))).toBeNull();
    expect(await starts.begin("unknown", scored(64, 63))).toBeNull();
    // Neither new nor good any more, and its file goes one candidate later.
    const gone = [...scored(64, 63), { hash: "newest", score: 30 }];
    expect(await starts.begin(hash, gone)).toBeNull();
    expect(await readdir(kept)).toEqual([`${hash}.safetensors`]);
    await starts.begin(undefined, [...gone, { hash: "newer", score: 31 }]);
    expect(await readdir(kept)).toEqual([]);
  });
});
