import { join } from "node:path";

import { describe, expect, it } from "vitest";

import { startEngine } from "#main/compute/engine/engine.ts";
import { readNetwork, type TrainedNetwork, writeNetwork } from "#main/compute/network/networkFile.ts";
import { NetworkState } from "#main/compute/train/networkState.ts";
import { runTraining } from "#main/compute/train/trainLoop.ts";
import { planNetwork } from "#shared/space/spaces/networkPlan.ts";
import type { AnyNetworkPlan } from "#shared/space/spaces/spaces.ts";

import { makeContext, makeRunFolder } from "#tests/main/compute/job/jobs.ts";
import { SMALL_PLAN, U_GENOTYPE } from "#tests/main/compute/network/tinyNetwork.ts";
import { configOf, genotype } from "#tests/main/compute/train/tinyTraining.ts";

await startEngine();

async function draw(plan: AnyNetworkPlan, seed: number): Promise<TrainedNetwork> {
  const state = new NetworkState({ ...configOf(), seed }, plan);
  const network = await state.snapshot();
  state.dispose();
  return network;
}

describe("training.startFrom", () => {
  it("begins with all numbers of a network of the same shape", async () => {
    const other = await draw(SMALL_PLAN, 1);
    const state = new NetworkState(configOf({ averagingDecay: 0.9 }), SMALL_PLAN);
    const shifted = { ...other, statistics: other.statistics.map((value) => 2 * value) };
    expect(state.takeOver(shifted)).toEqual({ taken: state.specs.length, isGrown: false });
    expect([...state.parameters.dataSync()]).toEqual([...other.parameters]);
    // What is shown is the average, which begins there too.
    const shown = await state.snapshot();
    expect([...shown.parameters]).toEqual([...other.parameters]);
    expect([...shown.statistics]).toEqual([...shifted.statistics]);
    state.dispose();
  });

  it("takes from a grey network what fits a colour one, and draws its ends as usual", async () => {
    const grey = await draw(SMALL_PLAN, 1);
    const colourPlan = { ...SMALL_PLAN, imageChannels: 3 } as const;
    const drawn = await draw(colourPlan, 0);
    const state = new NetworkState({ ...configOf(), seed: 0 }, colourPlan);
    const { taken, isGrown } = state.takeOver(grey);
    expect(isGrown).toBe(false);
    expect(taken).toBeGreaterThan(state.specs.length / 2);
    expect(taken).toBeLessThan(state.specs.length);
    const values = state.parameters.dataSync();
    const kept = values.filter((value, index) => value === drawn.parameters[index]).length;
    expect(kept).toBeGreaterThan(0);
    expect(kept).toBeLessThan(values.length);
    state.dispose();
  });

  it("trains on from a file, and says how much of it was taken", async () => {
    const [first, second] = [await makeRunFolder(), await makeRunFolder()];
    await runTraining(await makeContext(), { config: configOf(), genotype, folder: first, resume: false });
    const start = join(first, "checkpoints", "best.safetensors");
    const context = await makeContext();
    const config = configOf({ startFrom: "the first", steps: 1, optimiser: { kind: "adam", learningRate: 1e-9 } });
    await runTraining(context, { config, genotype, folder: second, resume: false, start });
    const [before, after] = [
      await readNetwork(start),
      await readNetwork(join(second, "checkpoints", "best.safetensors")),
    ];
    expect(
      Math.max(...after.parameters.map((value, index) => Math.abs(value - before.parameters[index]!))),
    ).toBeLessThan(1e-6);
    const messages = context.events.flatMap((event) => (event.type === "log" ? [event.message] : []));
    expect(messages.join()).toMatch(/^(\d+) of \1 filters and biases begin with those of the first$/);
  });

  it("says so where the file is gone", async () => {
    const folder = await makeRunFolder();
    const start = join(folder, "checkpoints", "start.safetensors");
    const request = { config: configOf({ startFrom: "another" }), genotype, folder, resume: false, start };
    await expect(runTraining(await makeContext(), request)).rejects.toMatchObject({ kind: "not_found" });
  });

  it("refuses a network of which nothing fits", async () => {
    const [first, second] = [await makeRunFolder(), await makeRunFolder()];
    const start = join(first, "other.safetensors");
    const plan = planNetwork(U_GENOTYPE, { filters: 2, stemChannels: 4, imageChannels: 3 });
    await writeNetwork(start, await draw(plan, 0), {});
    const request = { config: configOf({ startFrom: "a U" }), genotype, folder: second, resume: false, start };
    await expect(runTraining(await makeContext(), request)).rejects.toMatchObject({
      kind: "bad_config",
      message: expect.stringMatching(/startFrom must be a network like this one: 0 of \d+ filters .* those of a U/),
    });
  });
});
