import { readFile } from "node:fs/promises";
import { join } from "node:path";

import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";

import { decodeSafetensors } from "#main/compute/checkpoint/safetensors.ts";
import { createLab } from "#main/lab/lab.ts";
import { createRandom } from "#shared/random/createRandom.ts";
import type { Lab } from "#shared/api/lab.ts";
import type { RunSummary } from "#shared/api/runs.ts";
import { searchConfigSchema, trainConfigSchema } from "#shared/runs/config.ts";
import type { RunEvent } from "#shared/runs/runEvent.ts";

import { makeFolder, writePhotos } from "#tests/helpers/labHome.ts";
import { TINY_GENOTYPE } from "#tests/helpers/tinyGenotype.ts";
import { startScript } from "#tests/helpers/runInProcess.ts";

/** The real compute process with its engine, on settings of which a step takes milliseconds. */
const common = { noise: { kind: "gaussian", sigma255: 30 } } as const;
const searchOf = (dataset: string) =>
  searchConfigSchema.parse({
    ...common,
    data: { dataset },
    space: { layers: 2, nodes: 1, filters: 2, widthFactors: [1, 2], primitives: ["conv_3x3", "skip_connect", "none"] },
    search: { epochs: 12, warmupEpochs: 2, batchSize: 1, patchSize: 16, checkpointEverySteps: 3 },
  });
const trainingOf = (dataset: string, checkpointEverySteps = 7) =>
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
      checkpointEverySteps,
    },
  });

type Start = Readonly<Record<"method" | "config" | "genotype", unknown>>;
type Kind = "search" | "training";
type OnEnd = NonNullable<Parameters<typeof makeFolder>[0]>;

/** What nothing interrupted: the photos that it was about, its end, and the lab that did it. */
interface Whole {
  readonly lab: Lab;
  readonly photos: string;
  readonly run: RunSummary;
  readonly events: readonly RunEvent[];
}

const whole = new Map<Kind, Whole>();
const cleanUps: (() => Promise<void>)[] = [];
beforeAll(async () => {
  const later: OnEnd = (cleanUp) => void cleanUps.push(cleanUp);
  for (const kind of ["search", "training"] as const) {
    const photos = await writePhotos(await makeFolder(later), 5, 32);
    const lab = openRealLab(await makeFolder(later), later);
    const { id } =
      kind === "search"
        ? await lab.startSearch(searchOf(photos))
        : await lab.startTraining(trainingOf(photos), TINY_GENOTYPE);
    const run = await lab.waitForRun(id);
    expect(run).toMatchObject({ state: "finished", reason: null });
    whole.set(kind, { lab, photos, run, events: await lab.readRunEvents(id) });
  }
});
afterAll(async () => {
  for (const cleanUp of cleanUps.reverse()) await cleanUp();
});

function openRealLab(home: string, onEnd: OnEnd = onTestFinished): Lab {
  const lab = createLab({ home, log: () => undefined });
  onEnd(() => lab.close());
  return lab;
}

/** Which of the events that are always told is the last one before the kill. */
interface KillAt {
  readonly type: RunEvent["type"] | "any";
  readonly count: number;
}

/** Steps are told as time allows; all else comes in each run alike. */
const isCounted = ({ type }: RunEvent): boolean => type !== "step";

/** Runs in a process of its own, which kills itself at an event, and resumes until the end. */
async function runBroken(start: Start, killAt: KillAt): Promise<{ lab: Lab; run: RunSummary; resumedAt: number }> {
  const home = await makeFolder();
  const script = `
    import { createLab } from "#main/lab/lab.ts";
    const [home, start, killAt] = process.argv.slice(1);
    const { method, config, genotype } = JSON.parse(start);
    const { type, count } = JSON.parse(killAt);
    const lab = createLab({ home, log: console.error });
    const { id } = await lab[method](config, genotype);
    console.log(id);
    let left = count;
    lab.subscribe(id, (event) => {
      if (type === "any" ? event.type !== "step" : event.type === type) left -= 1;
      if (left === 0) process.kill(process.pid, "SIGKILL");
    });`;
  const { output } = await startScript(script, home, JSON.stringify(start), JSON.stringify(killAt)).ended;
  const id = /[0-9A-Z]{26}/.exec(output)?.[0];
  if (id === undefined) throw new Error(output);
  const lab = openRealLab(home);
  expect((await lab.showRun(id)).state).toBe("interrupted");
  await lab.resumeRun(id);
  const run = await lab.waitForRun(id);
  expect(run).toMatchObject({ state: "finished", reason: null });
  const resumed = (await lab.readRunEvents(id)).flatMap((event) => (event.type === "resumed" ? [event.step] : []));
  expect(resumed).toHaveLength(1);
  return { lab, run, resumedAt: resumed[0] ?? Number.NaN };
}

/** What must not depend on interruptions: everything but times, memory and which steps happened to be told. */
function numbersOf(events: readonly RunEvent[]) {
  const losses = new Map<number, unknown>();
  const kept: unknown[] = [];
  for (const event of events) {
    if (event.type === "step") {
      expect(losses.has(event.step)).toBe(false);
      losses.set(event.step, [event.loss, event.archLoss, event.learningRate]);
    }
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

/** Compares a broken run with the whole one in everything that must not depend on interruptions. */
async function expectSame(kind: Kind, broken: Awaited<ReturnType<typeof runBroken>>): Promise<void> {
  const { lab, run, events } = whole.get(kind)!;
  expect(broken.run.best).toEqual(run.best);
  expect(await readWeights(broken.run.folder)).toEqual(await readWeights(run.folder));
  const [expected, got] = [numbersOf(events), numbersOf(await broken.lab.readRunEvents(broken.run.id))];
  expect(got.kept).toEqual(expected.kept);
  const [pictures, again] = [await readSamples(lab, run), await readSamples(broken.lab, broken.run)];
  expect(pictures.size).toBe(kind === "search" ? 12 : 3);
  // The kill may have come between a checkpoint and a picture that belongs to it; later ones are made again.
  for (const file of pictures.keys()) {
    if (Number(/\d+/.exec(file)?.[0]) > broken.resumedAt) expect([...again.keys()]).toContain(file);
  }
  for (const [file, bytes] of again) expect(bytes.equals(pictures.get(file)!)).toBe(true);
  const common = [...got.losses.keys()].filter((step) => expected.losses.has(step));
  expect(common.length).toBeGreaterThan(0);
  for (const step of common) expect(got.losses.get(step)).toEqual(expected.losses.get(step));
}

describe("a run that was killed and resumed", () => {
  const random = createRandom(11, "test kills");
  /** One kill in the first half, one in the second. */
  const drawShares = (kind: Kind): [Kind, number][] =>
    [0.05, 0.5].map((from) => [kind, Number((from + 0.45 * random.uniform()).toFixed(2))]);
  const kills = [...drawShares("search"), ...drawShares("training")];

  it.each(kills)("gives the same numbers as an unbroken %s, killed after %d of its events", async (kind, share) => {
    const { photos, events } = whole.get(kind)!;
    const start: Start =
      kind === "search"
        ? { method: "startSearch", config: searchOf(photos), genotype: null }
        : { method: "startTraining", config: trainingOf(photos), genotype: TINY_GENOTYPE };
    const count = Math.ceil(share * events.filter(isCounted).length);
    await expectSame(kind, await runBroken(start, { type: "any", count }));
  });

  it("gives the same numbers as an unbroken training, killed before its first checkpoint", async () => {
    const { photos } = whole.get("training")!;
    const config = trainingOf(photos, 60);
    const start = { method: "startTraining", config, genotype: TINY_GENOTYPE };
    const broken = await runBroken(start, { type: "validation", count: 1 });
    expect(broken.resumedAt).toBe(0);
    await expectSame("training", broken);
  });
});
