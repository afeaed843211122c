import { rm } from "node:fs/promises";
import { join } from "node:path";

import { describe, expect, it } from "vitest";

import { openSupernetPaths } from "#main/compute/search/estimators/supernetPaths.ts";
import { toPathWeights } from "#main/compute/search/estimators/pathWeights.ts";
import { estimateBySharedWeights } from "#main/compute/search/estimators/sharedWeights.ts";
import { runSearch } from "#main/compute/search/searchLoop.ts";
import { SupernetState } from "#main/compute/search/supernetState.ts";
import { supernetSchema } from "#shared/runs/estimatorSchema.ts";
import type { ComputeEvent } from "#shared/runs/runEvent.ts";
import { candidateSteps } from "#shared/runs/searchCost.ts";
import { isCandidateSettings } from "#shared/runs/strategySchema.ts";
import { createCellsSpace } from "#shared/space/candidates/cellsSpace.ts";
import { createRandom } from "#shared/random/createRandom.ts";
import { asCells } from "#shared/space/spaces/spaces.ts";

import { countLeaks } from "#tests/helpers/tensors.ts";
import { makeContext, makeRunFolder, readAll } from "#tests/main/compute/job/jobs.ts";
import { configOf } from "#tests/main/compute/search/tinySearch.ts";

const SETTINGS = supernetSchema.parse({ kind: "supernet", supernetSteps: 4 });
const config = configOf(
  { strategy: { kind: "random", candidates: 4 }, estimator: SETTINGS },
  { layers: 1, nodes: 2, widthFactors: [1, 1.5], stemChannels: 4 },
);

function candidatesOf(events: readonly ComputeEvent[]) {
  return events.flatMap((event) => (event.type === "candidate" ? [{ ...event, seconds: undefined }] : []));
}

describe("candidates scored by their paths through a supernet", () => {
  it("trains the supernet first, then scores each by its path with the weights as they are", async () => {
    const context = await makeContext();
    const folder = await makeRunFolder();
    const leaking = await makeContext();
    expect(await countLeaks(async () => runSearch(leaking, { config, folder, resume: false }))).toBe(0);
    const outcome = await runSearch(context, { config, folder, resume: false });
    expect(outcome).toMatchObject({ kind: "finished", step: 8 });
    const { strategy } = config.search;
    expect(isCandidateSettings(strategy) && candidateSteps(strategy, config.search)).toBe(8);
    const candidates = candidatesOf(context.events);
    expect(candidates.map(({ step, epoch }) => [step, epoch])).toEqual([5, 6, 7, 8].map((step) => [step, step - 4]));
    // By the supernet's file and the estimator of the gradient search.
    const state = new SupernetState(config);
    await state.restore(join(folder, "checkpoints", "supernet.safetensors"));
    expect(state.step).toBe(4);
    for (const { genotype, score } of candidates) {
      const { validation } = estimateBySharedWeights({
        kernels: context.engine.kernels,
        config,
        state,
        archWeights: toPathWeights(config.space, asCells(genotype)!),
        photos: context.photos.validation,
        show: () => undefined,
        progress: 1,
      });
      expect(score).toBe(validation.score);
    }
    state.dispose();
    expect(new Set(candidates.map(({ score }) => score)).size).toBe(4);
    expect((await readAll(folder, "best")).metadata).toMatchObject({ kind: "search" });
  });

  it("moves only those weights of a cell that lie on the path of the step's candidate", async () => {
    const context = await makeContext();
    const weights = { ...config.search.weights, weightDecay: 0 };
    const one = {
      ...config,
      space: { ...config.space, layers: 1, widthFactors: [1] },
      search: { ...config.search, weights },
    };
    const genotype = createCellsSpace(one.space).sample(createRandom(one.seed, "supernet path", 0));
    const folder = await makeRunFolder();
    const [start, end] = ["start", "end"].map((name) => join(folder, "checkpoints", `${name}.safetensors`));
    const state = new SupernetState(one);
    await state.save(start!);
    state.dispose();
    const { preparation } = openSupernetPaths(context, one, supernetSchema.parse({ ...SETTINGS, supernetSteps: 1 }));
    preparation!.takeStep();
    await preparation!.save(end!);
    preparation!.dispose();
    const [before, after] = [await readAll(folder, "start"), await readAll(folder, "end")];
    const moved = [...before.tensors].flatMap(([name, { data }]) => {
      const [, edge, primitive] = /^cell\..*edge_(\d+)\.([^.]+)\./.exec(name) ?? [];
      return edge === undefined || String(data) === String(after.tensors.get(name)!.data)
        ? []
        : [`${edge} ${primitive}`];
    });
    // Of two nodes the first has two edges, from s1 and s0, and the second three: from s1, s0 and the first.
    const edgeOf = { node_0: { s1: 0, s0: 1 }, node_1: { s1: 2, s0: 3, node_0: 4 } };
    const chosen = genotype.cells[0]!.nodes.flatMap((edges, node) =>
      edges.map(({ from, primitive }) => {
        const edge = Object.entries(edgeOf[`node_${node as 0 | 1}`]).find(([name]) => name === from)![1];
        return `${edge} ${primitive}`;
      }),
    );
    expect(new Set(moved)).toEqual(new Set(chosen));
    expect(chosen).toHaveLength(4);
  });

  it.each([2, 5])("goes on after a kill at step %i with the same supernet and the same candidates", async (last) => {
    const often = { ...config, search: { ...config.search, checkpointEverySteps: 1 } };
    const whole = await makeContext();
    const outcome = await runSearch(whole, { config: often, folder: await makeRunFolder(), resume: false });
    const folder = await makeRunFolder();
    const first = await makeContext((event, control) => {
      if (event.type === "checkpoint" && event.kind === "last" && event.step === last) control.set("stop");
    });
    await runSearch(first, { config: often, folder, resume: false });
    const second = await makeContext();
    expect(await runSearch(second, { config: often, folder, resume: true })).toEqual(outcome);
    expect([...candidatesOf(first.events), ...candidatesOf(second.events)]).toEqual(candidatesOf(whole.events));
    await rm(join(folder, "checkpoints", "supernet.safetensors"));
    const third = runSearch(await makeContext(), { config: often, folder, resume: true });
    await expect(third).rejects.toThrow("supernet.safetensors");
  });
});
