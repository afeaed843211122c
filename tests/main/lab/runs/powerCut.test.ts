import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

import { describe, expect, it, onTestFinished } from "vitest";

import { readCheckpoint } from "#main/compute/checkpoint/checkpointFile.ts";
import { createLab } from "#main/lab/lab.ts";
import { readEvents } from "#main/store/runs/eventLog.ts";
import { getRunPaths, readManifest, readStatus } from "#main/store/runs/runFolder.ts";
import { trainConfigSchema } from "#shared/runs/config.ts";
import type { RunEvent } from "#shared/runs/runEvent.ts";

import { makeFolder, writePhotos } from "#tests/helpers/labHome.ts";
import { listRemains, type Remains, writeRemains } from "#tests/helpers/powerCut.ts";
import { TINY_GENOTYPE } from "#tests/helpers/tinyGenotype.ts";

/** A run of a second with the real compute process, whose every kind of file is written several times. */
const training = (dataset: string) =>
  trainConfigSchema.parse({
    data: { dataset },
    noise: { kind: "gaussian", sigma255: 30 },
    network: { filters: 2 },
    training: {
      steps: 12,
      batchSize: 1,
      patchSize: 16,
      averagingDecay: 0.9,
      validateEverySteps: 4,
      checkpointEverySteps: 3,
      keepPeriodic: 1,
    },
  });

/** Trains in a process of its own, to the end, and records what it does to files. */
async function trainRecorded(home: string, photos: string, record: string): Promise<string> {
  const script = `
    import { createLab } from "#main/lab/lab.ts";
    const [home, config, genotype] = process.argv.slice(1);
    const lab = createLab({ home, log: console.error });
    const { id } = await lab.startTraining(JSON.parse(config), JSON.parse(genotype));
    const run = await lab.waitForRun(id);
    console.log(run.state, run.folder);
    await lab.close();`;
  const recorder = pathToFileURL(join(process.cwd(), "tests/helpers/recordFiles.ts")).href;
  const args = [home, JSON.stringify(training(photos)), JSON.stringify(TINY_GENOTYPE)];
  const child = spawn(process.execPath, ["--input-type=module-typescript", "-e", script, ...args], {
    env: { ...process.env, RECORD_FILES: record, NODE_OPTIONS: `--import ${recorder}` },
  });
  let output = "";
  child.stdout.on("data", (chunk: Buffer) => (output += chunk.toString()));
  child.stderr.on("data", (chunk: Buffer) => (output += chunk.toString()));
  await once(child, "close");
  expect(output).toContain("finished");
  const [name] = (await readdir(join(home, "runs"))).filter((each) => each.startsWith("run-"));
  return join(home, "runs", name ?? "");
}

/** What a run tells that belongs to a step and must be known once a checkpoint goes on after that step. */
/** A validation and the picture of the same step come in either order: the picture is a file first. */
function factsUpTo(step: number, events: readonly RunEvent[]): readonly unknown[] {
  const facts = events.flatMap((event): unknown[] => {
    if (event.type === "validation" && event.step <= step) return [[event.step, event.validation]];
    if (event.type === "sample" && event.step <= step) return [[event.step, event.denoised]];
    return [];
  });
  return facts.toSorted((a, b) => JSON.stringify(a).localeCompare(JSON.stringify(b)));
}

function at(byStep: ReadonlyMap<number | null, Remains>, step: number): Remains {
  const remains = byStep.get(step);
  if (remains === undefined) throw new Error(`there must be remains with a checkpoint of step ${step}`);
  return remains;
}

async function listRunFolders(home: string): Promise<readonly string[]> {
  const names = existsSync(join(home, "runs")) ? await readdir(join(home, "runs")) : [];
  return names.filter((name) => name.startsWith("run-")).map((name) => join(home, "runs", name));
}

/** Checks what is left of a run and returns the step of its checkpoint; null where there is none. */
async function checkRemains(home: string, whole: readonly RunEvent[]): Promise<number | null> {
  const [folder, ...others] = await listRunFolders(home);
  expect(others).toEqual([]);
  if (folder === undefined) return null;
  const paths = getRunPaths(folder);
  await readManifest(paths);
  const status = await readStatus(paths);
  for (const name of await readdir(paths.checkpoints)) {
    if (name.endsWith(".safetensors")) await readCheckpoint(join(paths.checkpoints, name), ["train", "network"]);
  }
  const last = join(paths.checkpoints, "last.safetensors");
  if (status.best !== null) expect(existsSync(join(paths.checkpoints, "best.safetensors"))).toBe(true);
  if (!existsSync(last)) return null;
  const step = Number((await readCheckpoint(last, ["train"])).notes["step"]);
  expect(factsUpTo(step, readEvents(paths.events))).toEqual(factsUpTo(step, whole));
  return step;
}

describe("a run whose computer loses power", () => {
  it("is whole or absent after any synchronisation, and no checkpoint outlives what it counts on", async () => {
    const photos = await writePhotos(await makeFolder(), 5, 32);
    const home = await makeFolder();
    const record = join(await makeFolder(), "record.jsonl");
    const folder = await trainRecorded(home, photos, record);
    const whole = readEvents(getRunPaths(folder).events);
    const remains = await listRemains(record, home);
    expect(remains.length).toBeGreaterThan(30);
    const byStep = new Map<number | null, Remains>();
    for (const each of remains) {
      const left = await makeFolder();
      await writeRemains(each, left);
      const step = await checkRemains(left, whole);
      // The worst of disks keeps a checkpoint as well.
      if (each.lost === "all") byStep.set(step, each);
    }
    expect([...byStep.keys()]).toEqual([null, 3, 6, 9, 12]);
    const weights = await readCheckpoint(join(folder, "checkpoints/last.safetensors"), ["train"]);
    for (const step of [9]) {
      const left = await makeFolder();
      await writeRemains(at(byStep, step), left);
      const lab = createLab({ home: left, log: () => undefined });
      onTestFinished(() => lab.close());
      await lab.rebuildStore();
      const [run] = await lab.listRuns();
      await lab.resumeRun(run?.id ?? "");
      expect(await lab.waitForRun(run?.id ?? "")).toMatchObject({ state: "finished" });
      const [again] = await listRunFolders(left);
      expect((await readCheckpoint(join(again ?? "", "checkpoints/last.safetensors"), ["train"])).tensors).toEqual(
        weights.tensors,
      );
      expect(factsUpTo(12, readEvents(getRunPaths(again ?? "").events))).toEqual(factsUpTo(12, whole));
    }
  }, 400_000);
});
