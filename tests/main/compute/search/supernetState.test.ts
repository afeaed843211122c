import { access } from "node:fs/promises";
import { join } from "node:path";

import * as tf from "@tensorflow/tfjs-core";
import { describe, expect, it } from "vitest";

import { readCheckpoint } from "#main/compute/checkpoint/checkpointFile.ts";
import { startEngine } from "#main/compute/engine/engine.ts";
import { SupernetState } from "#main/compute/search/supernetState.ts";
import { createRandom } from "#shared/random/createRandom.ts";
import { searchConfigSchema } from "#shared/runs/config.ts";
import type { SearchConfig } from "#shared/runs/config.ts";

import { maskOf } from "#tests/helpers/parameterParts.ts";
import { makeFolder } from "#tests/helpers/labHome.ts";
import { countLeaks } from "#tests/helpers/tensors.ts";
import { TINY_SPACE } from "#tests/main/compute/supernet/tinySupernet.ts";

await startEngine();

const configOf = (search: object = {}): SearchConfig => searchConfigSchema.parse({ space: TINY_SPACE, search });

const best = { step: 1, validation: { psnrDb: 25, ssim: 0.75, score: 1 } };

/** Moves weights and arch variables by slopes that are drawn from a seed. */
function move(state: SupernetState, seed: number): void {
  const random = createRandom(seed, "test slopes");
  state.updateWeights(tf.tensor1d(maskOf(state.specs).map((counts) => counts * random.gaussian())), 0.01);
  const { op, move: moves } = state.arch.weights();
  const draw = (row: readonly number[]): number[] => row.map(random.gaussian);
  state.arch.update({ op: op.map((layer) => layer.map(draw)), move: moves.map(draw) }, seed);
}

/** A state two steps on its way. */
function makeState(config = configOf()): SupernetState {
  const state = new SupernetState(config);
  for (const seed of [0, 1]) move(state, seed);
  state.best = best;
  return state;
}

function contentOf(state: SupernetState) {
  return { weights: state.weights.dataSync(), arch: state.arch.state(), step: state.step, best: state.best };
}

describe("SupernetState", () => {
  it("gives back all it saved, and goes on from there to the same numbers", async () => {
    const file = join(await makeFolder(), "last.safetensors");
    const [state, restored] = [makeState(), new SupernetState(configOf())];
    expect(await state.save(file)).toBe(true);
    await restored.restore(file);
    expect(contentOf(restored)).toEqual(contentOf(state));
    for (const each of [state, restored]) move(each, 2);
    expect(contentOf(restored)).toEqual(contentOf(state));
    state.dispose();
    restored.dispose();
  });

  it("stores filters edge by edge without the optimiser where only the supernet is asked for", async () => {
    const file = join(await makeFolder(), "best.safetensors");
    const state = makeState();
    await state.saveSupernet(file);
    const { tensors, notes } = await readCheckpoint(file, ["search"]);
    const names = [...tensors.keys()];
    expect(names).toContain("cell.layer_0.width_0.edge_0.conv_3x3.conv");
    expect(names.filter((name) => name.startsWith("optimiser.") || name.endsWith("_moment"))).toEqual([]);
    expect(JSON.parse(notes["arch"] ?? "")).toEqual(state.arch.logits());
    await expect(state.restore(file)).rejects.toMatchObject({ kind: "bad_checkpoint" });
    state.dispose();
  });

  it("stores nothing but the arch variables where supernet weights are not to be kept", async () => {
    const file = join(await makeFolder(), "last.safetensors");
    const state = makeState(configOf({ keepSupernetWeights: false }));
    await state.save(file);
    const { tensors } = await readCheckpoint(file, ["search"]);
    expect([...tensors.keys()]).toEqual(["arch.logits", "arch.first_moment", "arch.second_moment"]);
    state.dispose();
  });

  it("writes nothing where a weight is not finite", async () => {
    const file = join(await makeFolder(), "last.safetensors");
    const state = makeState();
    state.updateWeights(tf.fill<tf.Rank.R1>([state.weights.size], Infinity), 0.01);
    expect(await state.save(file)).toBe(false);
    await expect(access(file)).rejects.toThrow("ENOENT");
    state.dispose();
  });

  it("writes nothing where an arch variable is not finite", async () => {
    const file = join(await makeFolder(), "last.safetensors");
    const state = makeState();
    const { op, move: moves } = state.arch.weights();
    state.arch.update(
      { op: op.map((layer) => layer.map((edge) => edge.map(() => NaN))), move: moves.map((row) => [...row]) },
      2,
    );
    expect(await state.save(file)).toBe(false);
    state.dispose();
  });

  it("leaves no tensor behind, saving and restoring", async () => {
    const file = join(await makeFolder(), "last.safetensors");
    const run = async (): Promise<void> => {
      const state = makeState();
      await state.save(file);
      await state.restore(file);
      await state.saveSupernet(file);
      await state.restore(file).catch(() => undefined);
      state.dispose();
    };
    expect(await countLeaks(run)).toBe(0);
  });
});
