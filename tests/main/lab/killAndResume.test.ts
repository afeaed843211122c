import { readFile } from "node:fs/promises";
import { join } from "node:path";

import { describe, expect, it, onTestFinished } from "vitest";

import { decodeSafetensors } from "#main/compute/checkpoint/safetensors.ts";
import { createLab } from "#main/lab/lab.ts";
import type { Lab } from "#shared/api/lab.ts";
import type { RunSummary } from "#shared/api/runs.ts";
import { searchConfigSchema, trainConfigSchema } from "#shared/runs/config.ts";
import type { RunEvent } from "#shared/runs/runEvent.ts";

import { makeFolder, writePhotos } from "#tests/helpers/labHome.ts";
import { TINY_GENOTYPE } from "#tests/helpers/runFixtures.ts";
import { startScript } from "#tests/helpers/runInProcess.ts";

/** The real compute process with its engine, on settings of which a step takes milliseconds. */
const common = { noise: { kind: "gaussian", sigma255: 30 } } as const;
const searchOf = (dataset: string) =>
  searchConfigSchema.parse({
    ...common,
    data: { dataset },
    space: { layers: 2, nodes: 1, filters: 2, widthFactors: [1, 2], primitives: ["conv_3x3", "skip_connect", "none"] },
    search: { epochs: 12, warmupEpochs: 2, batchSize: 1, patchSize: 16, checkpointEverySteps: 1 },
  });
const trainingOf = (dataset: string) =>
  trainConfigSchema.parse({
    ...common,
    data: { dataset },
    network: { filters: 2 },
    training: {
      steps: 60,
      batchSize: 2,
      patchSize: 16,
      optimiser: { kind: "adam" },
      schedule: { kind: "cosine", minLearningRate: 1e-5 },
      warmupSteps: 10,
      averagingDecay: 0.9,
      validateEverySteps: 20,
      checkpointEverySteps: 7,
    },
  });

type Start = Readonly<Record<"method" | "config" | "genotype", unknown>>;

function openRealLab(home: string): Lab {
  const lab = createLab({ home, log: () => undefined });
  onTestFinished(() => lab.close());
  return lab;
}

/** Runs in a process of its own, kills that process once `share` of the steps are done, and resumes until the end. */
async function runBroken(home: string, start: Start, share: number): Promise<string> {
  const script = `
    import { createLab } from "#main/lab/lab.ts";
    const [home, start] = process.argv.slice(1);
    const { method, config, genotype } = JSON.parse(start);
    const lab = createLab({ home, log: console.error });
    const { id } = await lab[method](config, genotype);
    lab.subscribe(id, (event) => {
      if (event.type === "checkpoint") process.stdout.write(event.step + "\\n");
    });
    process.stdout.write(id + "\\n");`;
  const { child, ended } = startScript(script, home, JSON.stringify(start));
  const total = start.method === "startSearch" ? 24 : 60;
  let text = "";
  child.stdout.on("data", (chunk: Buffer) => {
    text += chunk.toString();
    const last = Number(text.slice(0, text.lastIndexOf("\n")).split("\n").at(-1));
    if (last >= share * total) child.kill("SIGKILL");
  });
  const { output } = await ended;
  const id = /[0-9A-Z]{26}/.exec(output)?.[0];
  if (id === undefined) throw new Error(output);
  const lab = openRealLab(home);
  expect((await lab.showRun(id)).state).toBe("interrupted");
  await lab.resumeRun(id);
  expect(await lab.waitForRun(id)).toMatchObject({ state: "finished", reason: null });
  expect((await lab.readRunEvents(id)).filter(({ type }) => type === "resumed")).toHaveLength(1);
  return id;
}

/** What must not depend on interruptions: everything but times, memory and which steps happened to be told. */
function numbersOf(events: readonly RunEvent[]) {
  const losses = new Map<number, unknown>();
  const kept: unknown[] = [];
  for (const event of events) {
    if (event.type === "step") losses.set(event.step, [event.loss, event.archLoss, event.learningRate]);
    if (event.type === "validation") kept.push([event.step, event.validation, event.isBest]);
    if (event.type === "arch") kept.push([event.step, event.epoch, event.arch]);
  }
  return { losses, kept };
}

async function readWeights(folder: string) {
  const file = join(folder, "checkpoints/last.safetensors");
  return decodeSafetensors(await readFile(file), file).tensors;
}

/** The run's sample pictures that can be looked at, by file; all that its events tell of must be there. */
async function readSamples(lab: Lab, { id, folder }: RunSummary): Promise<ReadonlyMap<string, Buffer>> {
  const files = (await lab.readRunEvents(id)).flatMap((event) => (event.type === "sample" ? [event.denoised] : []));
  expect(new Set(files).size).toBe(files.length);
  return new Map(await Promise.all(files.map(async (file) => [file, await readFile(join(folder, file))] as const)));
}

describe("a run that was killed and resumed", () => {
  it.each([
    ["search", 0.2],
    ["search", 0.6],
    ["training", 0.5],
    ["training", 0.8],
  ])("gives the same numbers as an unbroken %s, killed after %d of its steps", async (kind, share) => {
    const photos = await writePhotos(await makeFolder(), 5, 32);
    const start: Start =
      kind === "search"
        ? { method: "startSearch", config: searchOf(photos), genotype: null }
        : { method: "startTraining", config: trainingOf(photos), genotype: TINY_GENOTYPE };
    const home = await makeFolder();
    const lab = openRealLab(home);
    const { id } =
      kind === "search"
        ? await lab.startSearch(searchOf(photos))
        : await lab.startTraining(trainingOf(photos), TINY_GENOTYPE);
    const unbroken = await lab.waitForRun(id);
    expect(unbroken).toMatchObject({ state: "finished", reason: null });
    const broken = await lab.showRun(await runBroken(home, start, share));
    expect(broken.best).toEqual(unbroken.best);
    expect(await readWeights(broken.folder)).toEqual(await readWeights(unbroken.folder));
    const [expected, got] = [
      numbersOf(await lab.readRunEvents(unbroken.id)),
      numbersOf(await lab.readRunEvents(broken.id)),
    ];
    expect(got.kept).toEqual(expected.kept);
    const [pictures, again] = [await readSamples(lab, unbroken), await readSamples(lab, broken)];
    expect(pictures.size).toBe(kind === "search" ? 12 : 3);
    // The kill may have come between a checkpoint and the picture that belongs to it.
    expect(again.size).toBeGreaterThanOrEqual(pictures.size - 1);
    for (const [file, bytes] of again) expect(bytes.equals(pictures.get(file)!)).toBe(true);
    const common = [...got.losses.keys()].filter((step) => expected.losses.has(step));
    expect(common.length).toBeGreaterThan(0);
    for (const step of common) expect(got.losses.get(step)).toEqual(expected.losses.get(step));
  });
});
