import { readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";

import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { readNetwork } from "#main/compute/network/networkFile.ts";
import { runTraining } from "#main/compute/train/trainLoop.ts";
import { createRandom } from "#shared/random/createRandom.ts";
import { graphParameters } from "#shared/space/graph/graphParameters.ts";
import { buildNetworkGraph } from "#shared/space/spaces/spaces.ts";
import type { ComputeEvent } from "#shared/runs/runEvent.ts";
import type { Genotype } from "#shared/space/cells/genotype.ts";

import { largestPadding } from "#tests/helpers/parameterParts.ts";
import { countLeaks } from "#tests/helpers/tensors.ts";
import {
  makeContext,
  makeRunFolder,
  numbersOf,
  readAll,
  useTensorIdsFrom,
  withoutScore,
} from "#tests/main/compute/job/jobs.ts";
import type { TestContext } from "#tests/main/compute/job/jobs.ts";
import { SMALL_PLAN } from "#tests/main/compute/network/tinyNetwork.ts";

import { STAGED, STEPS, configOf, genotype, runBroken } from "./tinyTraining.ts";

/** The published optimiser, and everything that the other one can be combined with. */
const KINDS = {
  sgd: {},
  adam: {
    optimiser: { kind: "adam", weightDecay: 0.01 },
    schedule: { kind: "cosine", minLearningRate: 1e-5 },
    averagingDecay: 0.9,
    warmupSteps: 4,
  },
  staged: STAGED,
} as const;
type Kind = keyof typeof KINDS;
const kinds = ["sgd", "adam", "staged"] as const;

interface Whole {
  readonly events: readonly ComputeEvent[];
  readonly last: Awaited<ReturnType<typeof readAll>>;
}

/** A training of each kind that nothing interrupted: what it told, and its last checkpoint. */
const unbroken = new Map<Kind, Whole>();

beforeAll(async () => {
  for (const kind of kinds) {
    const context = await makeContext();
    const folder = await makeRunFolder(afterAll);
    await runTraining(context, { config: configOf(KINDS[kind]), genotype, folder, resume: false });
    unbroken.set(kind, { events: context.events, last: await readAll(folder) });
  }
});

describe("runTraining", () => {
  it("saves no checkpoint before what it told is kept", async () => {
    const folder = await makeRunFolder();
    const context: TestContext = { ...(await makeContext()), settle: () => Promise.reject(new Error("no host")) };
    const request = { config: configOf(), genotype, folder, resume: false };
    await expect(runTraining(context, request)).rejects.toThrow("no host");
    expect(await readdir(join(folder, "checkpoints"))).toEqual([]);
  });

  it("validates and saves when it is time, and always at the end", () => {
    const told = unbroken.get("sgd")!.events.flatMap((event) => {
      if (event.type === "checkpoint") return [`${event.kind} ${event.step}`];
      return event.type === "validation" ? [`validation ${event.step}`] : [];
    });
    const best = told.filter((text) => text.startsWith("best"));
    expect(told.filter((text) => !text.startsWith("best"))).toEqual([
      ...["last 3", "periodic 3", "validation 4", "last 6", "periodic 6", "validation 8"],
      ...["validation 9", "last 9", "periodic 9"],
    ]);
    expect(best[0]).toBe("best 4");
  });

  it("learns: its loss falls, and the best network is the one with the best score", async () => {
    const context = await makeContext();
    const folder = await makeRunFolder();
    const config = configOf({ steps: 40, validateEverySteps: 10, checkpointEverySteps: 100 });
    const outcome = await runTraining(context, { config, genotype, folder, resume: false });
    const losses = context.events.flatMap((event) => (event.type === "step" ? [event.loss] : []));
    expect(losses.at(-1)).toBeLessThan((losses[0] ?? NaN) / 2);
    const scores = context.events.flatMap((event) => (event.type === "validation" ? [event] : []));
    const best = scores.toSorted((a, b) => b.validation.score - a.validation.score)[0];
    expect(outcome).toEqual({ kind: "finished", step: 40, best: { step: best?.step, validation: best?.validation } });
    const { metadata } = await readAll(folder, "best");
    expect(metadata).toMatchObject({ kind: "network", step: String(best?.step) });
    expect(JSON.parse(metadata["validation"] ?? "")).toEqual(best?.validation);
  });

  it.each([
    [0, []],
    [1, ["step-0000009.safetensors"]],
    [2, ["step-0000006.safetensors", "step-0000009.safetensors"]],
  ])("keeps %d periodic networks beside best and last", async (keepPeriodic, kept) => {
    const folder = await makeRunFolder();
    const config = configOf({ keepPeriodic });
    await runTraining(await makeContext(), { config, genotype, folder, resume: false });
    const files = await readdir(join(folder, "checkpoints"));
    expect(files.toSorted()).toEqual(["best.safetensors", "last.safetensors", ...kept]);
    for (const file of files) expect((await readNetwork(join(folder, "checkpoints", file))).plan).toEqual(SMALL_PLAN);
  });

  it("removes every periodic network that is too old, also one that an earlier removal did not come to", async () => {
    const folder = await makeRunFolder();
    await writeFile(join(folder, "checkpoints", "step-0000001.safetensors"), "left by a killed process");
    await runTraining(await makeContext(), { config: configOf(), genotype, folder, resume: false });
    const files = (await readdir(join(folder, "checkpoints"))).filter((name) => name.startsWith("step-"));
    expect(files.toSorted()).toEqual(["step-0000006.safetensors", "step-0000009.safetensors"]);
  });

  const random = createRandom(3, "test stops");
  const stops = kinds.flatMap((kind) => [1, 2].map(() => ({ kind, step: 1 + random.integer(STEPS - 1) })));

  it.each(stops)("gives with $kind, stopped after step $step, the numbers of an unbroken training", async (stop) => {
    const folder = await makeRunFolder();
    const config = configOf({ ...KINDS[stop.kind], checkpointEverySteps: 1, keepPeriodic: 0 });
    const broken = (await runBroken(config, folder, stop.step)).flatMap(({ events }) => events);
    const { events, last } = unbroken.get(stop.kind)!;
    const isValidation = ({ type }: ComputeEvent): boolean => type === "validation";
    expect(broken.filter(isValidation)).toEqual(events.filter(isValidation));
    expect(await readAll(folder)).toEqual(last);
  });

  it("keeps in a training with averaging the average beside the parameters, and uses it", async () => {
    const { last } = unbroken.get("adam")!;
    const [average, parameters] = ["average", "parameters"].map((name) => [...(last.tensors.get(name)?.data ?? [])]);
    expect(average?.length).toBe(parameters?.length);
    expect(average).not.toEqual(parameters);
    expect([...last.tensors.keys()]).toEqual(
      expect.arrayContaining(["optimiser.first_moment", "optimiser.second_moment"]),
    );
    expect(largestPadding(graphParameters(buildNetworkGraph(SMALL_PLAN)), parameters ?? [])).toBe(0);
    expect(largestPadding(graphParameters(buildNetworkGraph(SMALL_PLAN)), average ?? [])).toBe(0);
  });

  it("saves while it is paused, waits, and then goes on to the same numbers", async () => {
    const folder = await makeRunFolder();
    const paused: number[] = [];
    const context = await makeContext((event, control) => {
      if (event.type === "validation" && event.step === 4) control.set("pause");
      if (event.type === "checkpoint" && control.isPaused && event.kind === "last") {
        paused.push(event.step);
        setImmediate(() => {
          control.set("run");
        });
      }
    });
    await runTraining(context, { config: configOf(), genotype, folder, resume: false });
    expect(paused).toEqual([4]);
    expect(numbersOf(context.events)).toEqual(numbersOf(unbroken.get("sgd")!.events));
    expect(await readAll(folder)).toEqual(unbroken.get("sgd")!.last);
  });

  it("ends as diverged where the loss is not finite", async () => {
    const config = configOf({ optimiser: { kind: "sgd", learningRate: 1e30 }, clipValue: null });
    const request = { config, genotype, folder: await makeRunFolder(), resume: false };
    expect(await runTraining(await makeContext(), request)).toMatchObject({ kind: "diverged", quantity: "loss" });
  });

  it("ends as diverged where parameters are not finite, and leaves the last good checkpoint alone", async () => {
    const folder = await makeRunFolder();
    const context = await makeContext((event, control) => {
      if (event.type === "checkpoint" && event.step === 3) control.set("stop");
    });
    await runTraining(context, { config: configOf(), genotype, folder, resume: false });
    const good = await readAll(folder);
    const config = configOf({
      optimiser: { kind: "sgd", learningRate: 1e39 },
      validateEverySteps: 9,
      checkpointEverySteps: 1,
    });
    const outcome = await runTraining(await makeContext(), { config, genotype, folder, resume: true });
    expect(outcome).toEqual({ kind: "diverged", step: 4, quantity: "parameters" });
    expect(await readAll(folder)).toEqual(good);
  });

  it("ends as diverged where the validation score is not finite, and tells no such score", async () => {
    const folder = await makeRunFolder();
    const context = withoutScore(await makeContext());
    const outcome = await runTraining(context, { config: configOf(), genotype, folder, resume: false });
    expect(outcome).toEqual({ kind: "diverged", step: 4, quantity: "validation score" });
    expect(context.events.filter(({ type }) => type === "validation")).toEqual([]);
  });

  it("saves and asks for a fresh process where tensor ids run out, which goes on to the same numbers", async () => {
    const folder = await makeRunFolder();
    const config = configOf();
    useTensorIdsFrom(2 ** 30);
    const outcome = await runTraining(await makeContext(), { config, genotype, folder, resume: false });
    expect(outcome).toEqual({ kind: "restart", step: 1 });
    useTensorIdsFrom(1000);
    const context = await makeContext();
    await runTraining(context, { config, genotype, folder, resume: true });
    expect(context.events[0]).toEqual({ type: "resumed", step: 1 });
    expect(await readAll(folder)).toEqual(unbroken.get("sgd")!.last);
  });

  it.each(kinds)("refuses to go on with %s from another kind's checkpoint, or a damaged one", async (kind) => {
    const folder = await makeRunFolder();
    const other = configOf(KINDS[kind === "sgd" ? "adam" : "sgd"]);
    await runTraining(await makeContext(), { config: other, genotype, folder, resume: false });
    const resume = { config: configOf({ ...KINDS[kind], steps: 20 }), genotype, folder, resume: true };
    const run = async () => runTraining(await makeContext(), resume);
    await expect(run()).rejects.toMatchObject({ kind: "bad_checkpoint" });
    expect(await countLeaks(() => run().catch(() => null))).toBe(0);
    await writeFile(join(folder, "checkpoints", "last.safetensors"), "no tensors");
    await expect(run()).rejects.toMatchObject({ kind: "bad_checkpoint" });
  });

  it("refuses to go on with another network's checkpoint and says what differs", async () => {
    const folder = await makeRunFolder();
    await runTraining(await makeContext(), { config: configOf(), genotype, folder, resume: false });
    const resume = async (filters: number, from: Genotype) => {
      const known = configOf({ steps: 20 });
      const config = { ...known, network: { ...known.network, filters } };
      return runTraining(await makeContext(), { config, genotype: from, folder, resume: true });
    };
    const { filters } = SMALL_PLAN;
    await expect(resume(filters + 1, genotype)).rejects.toThrow(
      `filters must be ${filters + 1} as in the run's settings, got ${filters}`,
    );
    const wider = { ...genotype, widthFactors: genotype.widthFactors.map((factor) => 2 * factor) };
    await expect(resume(filters, wider)).rejects.toThrow(/genotype must be ".+" as in the run's settings, got ".+"/);
  });

  it("refuses to train without photos, and leaves nothing behind", async () => {
    const context = await makeContext();
    const without = { ...context, photos: { ...context.photos, training: [] } };
    const request = { config: configOf(), genotype, folder: await makeRunFolder(), resume: false };
    await expect(runTraining(without, request)).rejects.toMatchObject({ kind: "bad_data" });
    expect(await countLeaks(() => runTraining(without, request).catch(() => null))).toBe(0);
  });

  it.each(kinds)("leaves no tensor behind with %s, from the start and resumed", async (kind) => {
    const context = await makeContext();
    const request = { config: configOf(KINDS[kind]), genotype, folder: await makeRunFolder() };
    expect(await countLeaks(() => runTraining(context, { ...request, resume: false }))).toBe(0);
    expect(await countLeaks(() => runTraining(context, { ...request, resume: true }))).toBe(0);
  });

  it("leaves no tensor behind where it diverges", async () => {
    const config = configOf({ optimiser: { kind: "sgd", learningRate: 1e30 }, clipValue: null });
    const request = { config, genotype, folder: await makeRunFolder(), resume: false };
    expect(await countLeaks(async () => runTraining(await makeContext(), request))).toBe(0);
  });
});
