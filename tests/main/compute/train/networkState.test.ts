import { readdir } from "node:fs/promises";
import { join } from "node:path";

import * as tf from "@tensorflow/tfjs-core";
import { describe, expect, it } from "vitest";

import { readCheckpoint, writeCheckpoint } from "#main/compute/checkpoint/checkpointFile.ts";
import { startEngine } from "#main/compute/engine/engine.ts";
import { StatisticsCollector } from "#main/compute/network/statistics.ts";
import { NetworkState } from "#main/compute/train/networkState.ts";
import { trainConfigSchema } from "#shared/runs/config.ts";
import type { TrainConfig } from "#shared/runs/config.ts";

import { drawNumbers } from "#tests/helpers/drawTensor.ts";
import { makeFolder } from "#tests/helpers/labHome.ts";
import { countLeaks } from "#tests/helpers/tensors.ts";
import { SMALL_PLAN } from "#tests/main/compute/network/tinyNetwork.ts";

await startEngine();

/** Plain steps down the gradient, without momentum, unless a test asks for more. */
const configOf = (training: object = {}): TrainConfig =>
  trainConfigSchema.parse({ training: { optimiser: { kind: "sgd", momentum: 0, weightDecay: 0 }, ...training } });

describe("NetworkState", () => {
  /** Takes the same gradient and batch statistics in, step after step. */
  async function update(config: TrainConfig, steps: number) {
    const state = new NetworkState(config, SMALL_PLAN);
    const norm = state.norms[0]!.name;
    const initial = [...state.parameters.dataSync()];
    for (let i = 0; i < steps; i += 1) {
      const collector = new StatisticsCollector();
      collector.add(norm, tf.fill<tf.Rank.R1>([64], 3), tf.fill<tf.Rank.R1>([64], 5));
      const statistics = collector.join(state.statisticsSpecs, state.statistics);
      state.update(tf.fill<tf.Rank.R1>([initial.length], 1), statistics, 0.1);
    }
    const { parameters, statistics } = await state.snapshot();
    const current = [...state.parameters.dataSync()];
    const done = state.step;
    state.dispose();
    return { initial, current, parameters, statistics, done };
  }

  it("takes a tenth of each batch's statistics in, starting from mean 0 and variance 1", async () => {
    const { statistics, done } = await update(configOf(), 2);
    expect(done).toBe(2);
    expect(statistics[0]).toBeCloseTo(0.9 * 0.3 + 0.3, 5);
    expect(statistics[64]).toBeCloseTo(0.9 * (0.9 + 0.5) + 0.5, 5);
    expect(statistics[128]).toBe(0);
    expect(statistics[192]).toBe(1);
  });

  it("shows the exponential average of the parameters where there is one, and the parameters where not", async () => {
    const plain = await update(configOf(), 2);
    expect([...plain.parameters]).toEqual(plain.current);
    const averaged = await update(configOf({ averagingDecay: 0.75 }), 2);
    const [w0 = NaN, w2 = NaN] = [averaged.initial[0], averaged.current[0]];
    const w1 = (w0 + w2) / 2;
    // The first steps forget faster: by 1/10 and 2/11.
    const once = (1 / 10) * w0 + (9 / 10) * w1;
    expect(averaged.parameters[0]).toBeCloseTo((2 / 11) * once + (9 / 11) * w2, 5);
  });

  it("forgets the random start long before the asked decay would", async () => {
    const { initial, current, parameters } = await update(configOf({ averagingDecay: 0.999 }), 40);
    const [start = NaN, end = NaN] = [initial[0], current[0]];
    // The decay alone would leave 0.999^40 = 96 % of the start; the first forty factors leave next to nothing of it.
    let share = 1;
    let average = start;
    for (let step = 0; step < 40; step += 1) {
      const decay = (1 + step) / (10 + step);
      average = decay * average + (1 - decay) * (start + ((step + 1) / 40) * (end - start));
      share *= decay;
    }
    expect(share).toBeLessThan(1e-8);
    expect(parameters[0]).toBeCloseTo(average, 4);
  });

  it("averages the running statistics like the parameters, frozen ones too", async () => {
    const averaged = await update(configOf({ averagingDecay: 0.75 }), 2);
    // The mean's running value is 0.3 and then 0.57; its average starts at 0.
    expect(averaged.statistics[0]).toBeCloseTo((2 / 11) * (0.9 * 0.3) + (9 / 11) * 0.57, 5);
    const state = new NetworkState(configOf({ averagingDecay: 0.75 }), SMALL_PLAN);
    const gradient = () => tf.zerosLike(state.parameters);
    state.update(gradient(), tf.fill<tf.Rank.R1>([state.statistics.size], 3), 0.1);
    state.update(gradient(), null, 0.1);
    expect(state.statistics.dataSync<"float32">()[0]).toBeCloseTo(0.3, 5);
    expect((await state.snapshot()).statistics[0]).toBeCloseTo((2 / 11) * (0.9 * 0.3) + (9 / 11) * 0.3, 5);
    state.dispose();
  });

  it("goes on from a checkpoint of before statistics were averaged, with what they are as their average", async () => {
    const file = join(await makeFolder(), "last.safetensors");
    const config = configOf({ averagingDecay: 0.75 });
    const [state, restored] = [new NetworkState(config, SMALL_PLAN), new NetworkState(config, SMALL_PLAN)];
    state.update(tf.onesLike(state.parameters), tf.fill<tf.Rank.R1>([state.statistics.size], 3), 0.1);
    await state.save(file);
    const { kind, notes, tensors } = await readCheckpoint(file, ["train"]);
    const old = [...tensors].filter(([name]) => name !== "average_statistics");
    expect(old.length).toBe(tensors.size - 1);
    await writeCheckpoint(file, { kind, notes, tensors: new Map(old) });
    await restored.restore(file);
    const [before, after] = [await state.snapshot(), await restored.snapshot()];
    expect(after.parameters).toEqual(before.parameters);
    expect(after.statistics).toEqual(state.statistics.dataSync());
    state.dispose();
    restored.dispose();
  });

  const kinds = [{ optimiser: { kind: "sgd" } }, { optimiser: { kind: "adam" }, averagingDecay: 0.75 }];

  it.each(kinds)("gives back all it saved, and goes on from there to the same numbers: %j", async (training) => {
    const file = join(await makeFolder(), "last.safetensors");
    const state = new NetworkState(configOf(training), SMALL_PLAN);
    const restored = new NetworkState(configOf(training), SMALL_PLAN);
    const step = (each: NetworkState, seed: number): void => {
      each.update(tf.tensor1d(drawNumbers(each.parameters.size, seed)), tf.clone(each.statistics), 0.01);
    };
    for (const seed of [0, 1]) step(state, seed);
    state.best = { step: 1, validation: { psnrDb: 25, ssim: 0.75, score: 1 } };
    expect(await state.save(file)).toBe(true);
    await restored.restore(file);
    for (const seed of [2, 3]) {
      expect(await restored.snapshot()).toEqual(await state.snapshot());
      expect(restored.parameters.dataSync()).toEqual(state.parameters.dataSync());
      expect([restored.step, restored.best]).toEqual([state.step, state.best]);
      for (const each of [state, restored]) step(each, seed);
    }
    state.dispose();
    restored.dispose();
  });

  it("writes nothing where a parameter is not finite", async () => {
    const folder = await makeFolder();
    const state = new NetworkState(configOf(), SMALL_PLAN);
    state.update(tf.fill<tf.Rank.R1>([state.parameters.size], NaN), tf.clone(state.statistics), 0.01);
    expect(await state.save(join(folder, "last.safetensors"))).toBe(false);
    expect(await state.saveNetwork(join(folder, "best.safetensors"))).toBe(false);
    expect(await readdir(folder)).toEqual([]);
    state.dispose();
  });

  it("leaves no tensor behind, averaging or not", async () => {
    expect(await countLeaks(() => update(configOf(), 2))).toBe(0);
    expect(await countLeaks(() => update(configOf({ averagingDecay: 0.9 }), 2))).toBe(0);
  });
});
