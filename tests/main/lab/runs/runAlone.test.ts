import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, readFile, rename, rm } from "node:fs/promises";
import { join } from "node:path";

import { describe, expect, it, onTestFinished } from "vitest";

import { decodeSafetensors } from "#main/compute/checkpoint/safetensors.ts";
import { hashFile } from "#main/files/hashFile.ts";
import { createLab } from "#main/lab/lab.ts";
import { openLoneRun } from "#main/lab/runs/runAlone.ts";
import { readEvents } from "#main/store/runs/eventLog.ts";
import { getRunPaths, readManifest, readStatus, writeStatus } from "#main/store/runs/runFolder.ts";
import { searchConfigSchema, trainConfigSchema } from "#shared/runs/config.ts";
import type { RunEvent } from "#shared/runs/runEvent.ts";

import { makeFolder, openLab, SCRIPTED_WORKER, writePhotos } from "#tests/helpers/labHome.ts";
import { copyUnbegun } from "#tests/helpers/unbegunRun.ts";
import { TINY_GENOTYPE } from "#tests/helpers/tinyGenotype.ts";

/** Runs `hinas run` in a process of its own; `signal` is sent as soon as the run says that it is at work. */
async function hinasRun(folder: string, dataRoot: string, signal: NodeJS.Signals | null) {
  const args = ["src/main/cli.ts", "run", folder, "--resume", "auto", "--data", dataRoot, "--jsonl"];
  const child = spawn(process.execPath, args, { env: { ...process.env, HINAS_HOME: "/nowhere" } });
  onTestFinished(() => void child.kill("SIGKILL"));
  let output = "";
  let isSent = false;
  const hear = (chunk: Buffer): void => {
    output += chunk.toString();
    if (signal === null || isSent || !output.includes('"state":"running"')) return;
    isSent = true;
    // Queues send it to the script and to all that it started, so that it comes twice.
    for (let i = 0; i < 2; i += 1) child.kill(signal);
  };
  child.stdout.on("data", hear);
  child.stderr.on("data", hear);
  const [code] = (await once(child, "close")) as [number | null];
  return { code, output };
}

const readWeights = async (folder: string) => {
  const file = join(folder, "checkpoints/last.safetensors");
  return decodeSafetensors(await readFile(file), file).tensors;
};
const validationsOf = (events: readonly RunEvent[]) =>
  events.flatMap((event) => (event.type === "validation" ? [[event.step, event.validation, event.isBest]] : []));

describe("a run that is done alone in its folder", () => {
  it("gives the bits of the same run in the lab's queue, though USR1 and TERM end it on the way", async () => {
    const photos = await writePhotos(await makeFolder(), 5, 32);
    const lab = createLab({ home: await makeFolder(), log: () => undefined });
    onTestFinished(() => lab.close());
    const config = trainConfigSchema.parse({
      noise: { kind: "gaussian", sigma255: 30 },
      data: { dataset: photos },
      network: { filters: 2 },
      training: { steps: 160, batchSize: 2, patchSize: 16, optimiser: { kind: "adam" }, validateEverySteps: 40 },
    });
    const { id } = await lab.startTraining(config, TINY_GENOTYPE);
    const whole = await lab.waitForRun(id);
    const events = await lab.readRunEvents(id);
    const folder = await copyUnbegun(whole.folder);
    const { dataset } = await readManifest(getRunPaths(folder));
    const dataRoot = await makeFolder();
    await mkdir(join(dataRoot, dataset.fingerprint));
    // The photos are no longer where they were when the run was made.
    await rename(photos, join(dataRoot, dataset.fingerprint, "clean"));

    expect(await hinasRun(folder, dataRoot, "SIGUSR1")).toMatchObject({ code: 75 });
    expect(await hinasRun(folder, dataRoot, "SIGTERM")).toMatchObject({ code: 143 });
    expect(await hinasRun(folder, dataRoot, null)).toMatchObject({ code: 0 });
    expect(await readStatus(getRunPaths(folder))).toMatchObject({ state: "finished", best: whole.best });
    expect(await readWeights(folder)).toEqual(await readWeights(whole.folder));
    expect(validationsOf(readEvents(join(folder, "events.jsonl")))).toEqual(validationsOf(events));
    // Once more is no more.
    expect(await hinasRun(folder, dataRoot, null)).toMatchObject({ code: 0 });
  });
});

describe("openLoneRun", () => {
  const options = { resume: "auto", dataRoot: null, mayChangeEngine: false, log: () => undefined } as const;
  const open = (folder: string, more: object = {}) => {
    const lone = openLoneRun(folder, { ...options, computeEntry: SCRIPTED_WORKER, ...more });
    onTestFinished(() => lone.close());
    return lone;
  };
  async function makeUnbegun(): Promise<{ folder: string; photos: string }> {
    const photos = await writePhotos(await makeFolder(), 6);
    const { lab } = openLab(await makeFolder());
    const config = searchConfigSchema.parse({ data: { dataset: photos, validationShare: 0.34 }, space: { layers: 2 } });
    const run = await lab.waitForRun((await lab.startSearch(config)).id);
    return { folder: await copyUnbegun(run.folder), photos };
  }

  it("lists what the run has left with its hashes", async () => {
    const { folder } = await makeUnbegun();
    const lone = open(folder);
    const { id } = await lone.start();
    expect(await lone.waitForRun(id)).toMatchObject({ state: "finished" });
    const hashes = JSON.parse(await readFile(join(folder, "hashes.json"), "utf8")) as Record<string, string>;
    expect(Object.keys(hashes)).toEqual(
      expect.arrayContaining(["result.json", "events.jsonl", "checkpoints/best.safetensors"]),
    );
    for (const [name, hash] of Object.entries(hashes)) expect(await hashFile(join(folder, name))).toBe(hash);
  });

  it("refuses a run that was begun, unless it may go on with it", async () => {
    const { folder } = await makeUnbegun();
    const first = open(folder);
    await first.waitForRun((await first.start()).id);
    await expect(open(folder, { resume: "never" }).start()).rejects.toMatchObject({ kind: "bad_config" });
    expect(await open(folder).start()).toMatchObject({ state: "finished" });
  });

  it("refuses a run that another process is at", async () => {
    const { folder } = await makeUnbegun();
    const paths = getRunPaths(folder);
    const heartbeatAt = new Date().toISOString();
    const owner = { pid: 7, startedAt: null, host: "another-node" };
    await writeStatus(paths, { ...(await readStatus(paths)), state: "running", owner, heartbeatAt });
    await expect(open(folder).start()).rejects.toMatchObject({
      kind: "busy",
      message: expect.stringContaining("another-node"),
    });
  });

  it("says where the photos should be", async () => {
    const { folder, photos } = await makeUnbegun();
    await rm(photos, { recursive: true });
    const refusal = { kind: "not_found", message: expect.stringMatching(/must lie in .*data.*clean/) };
    await expect(open(folder).start()).rejects.toMatchObject(refusal);
  });

  it("refuses to compute without TensorFlow", async () => {
    const { folder } = await makeUnbegun();
    process.env["FALLBACK_REASON"] = "no library";
    onTestFinished(() => {
      delete process.env["FALLBACK_REASON"];
    });
    await expect(open(folder).start()).rejects.toMatchObject({
      kind: "engine",
      message: "TensorFlow must be in place here, got plain JavaScript alone: no library",
    });
  });
});
