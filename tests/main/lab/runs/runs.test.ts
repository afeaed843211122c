import { readFile, readdir, rm } from "node:fs/promises";
import { join } from "node:path";

import { describe, expect, it, onTestFinished, vi } from "vitest";

import { writeNetwork } from "#main/compute/network/networkFile.ts";
import { trainConfigSchema } from "#shared/runs/config.ts";
import type { RunEvent } from "#shared/runs/runEvent.ts";

import { makeFolder, openLab } from "#tests/helpers/labHome.ts";
import { drawNetwork, SMALL_PLAN, U_GENOTYPE } from "#tests/main/compute/network/tinyNetwork.ts";

import { prepare, search, statesOf, stepsOf, unbroken, whenStep } from "./scriptedRuns.ts";

it("refuses to train a network on patches that it cannot halve, before any run is made", async () => {
  const { home, photos } = await prepare();
  const { lab } = openLab(home);
  const config = trainConfigSchema.parse({ data: { dataset: photos }, training: { patchSize: 33 } });
  await expect(lab.startTraining(config, U_GENOTYPE)).rejects.toThrow(
    "training.patchSize must be a multiple of 2 for this network, got 33",
  );
  expect(await lab.listRuns()).toEqual([]);
});

it("keeps in a training's folder the network that it begins with, and makes no run where that is not found", async () => {
  const { home, photos } = await prepare();
  const { lab } = openLab(home);
  const file = join(await makeFolder(), "other.safetensors");
  await writeNetwork(file, drawNetwork(SMALL_PLAN), {});
  const startFrom = (name: string) =>
    trainConfigSchema.parse({ data: { dataset: photos, validationShare: 0.34 }, training: { startFrom: name } });
  await expect(lab.startTraining(startFrom(`${file}.safetensors`), SMALL_PLAN.genotype)).rejects.toThrow(
    "no checkpoint file",
  );
  expect(await lab.listRuns()).toEqual([]);
  const run = await lab.startTraining(startFrom(file), SMALL_PLAN.genotype);
  expect(await readFile(join(run.folder, "checkpoints", "start.safetensors"))).toEqual(await readFile(file));
  await lab.controlRun(run.id, "stop");
  await lab.waitForRun(run.id);
});

describe("a search", () => {
  it("runs to its end and leaves a folder that tells all of it", async () => {
    const { home, photos } = await prepare();
    const { lab } = openLab(home);
    const started = await lab.startSearch(search(photos));
    const run = await lab.waitForRun(started.id);
    expect(run).toMatchObject({
      kind: "search",
      state: "finished",
      reason: null,
      step: 40,
      totalSteps: 40,
      secondsPerStep: expect.any(Number) as number,
      best: { step: 20, psnrDb: 25, ssim: 0.5 },
      engine: "tensorflow on script",
      dataset: photos,
    });
    const events = await lab.readRunEvents(run.id);
    expect(stepsOf(events)).toEqual(unbroken);
    expect(statesOf(events)).toEqual(["queued", "preparing", "running", "finished"]);
    const files = (await readdir(run.folder)).toSorted();
    expect(files).toEqual(
      [
        "checkpoints",
        "config.yaml",
        "env.json",
        "evaluations",
        "events.jsonl",
        "genotypes",
        "images",
        "log.txt",
        "resolved.json",
        "result.json",
        "split.json",
        "status.json",
      ].toSorted(),
    );
    const result: unknown = JSON.parse(await readFile(join(run.folder, "result.json"), "utf8"));
    expect(result).toMatchObject({ state: "finished", step: 40, best: { step: 20 } });
    expect(await lab.listRuns()).toEqual([run]);
  });

  it("leaves a log of its states, the engine, what it warned of and what the compute process wrote", async () => {
    const { home, photos } = await prepare();
    const { lab } = openLab(home);
    const { id, folder } = await lab.startSearch(search(photos, "mutter at 7"));
    const readLog = async () => {
      const lines = (await readFile(join(folder, "log.txt"), "utf8")).split("\n").slice(0, -1);
      for (const line of lines) expect(line).toMatch(/^\d{4}-\d\d-\d\dT[\d:.]+Z /);
      return lines.map((line) => line.replace(/^\S+ /, ""));
    };
    await expect.poll(readLog, { timeout: 20_000 }).toContain("a word of TensorFlow");
    await lab.controlRun(id, "stop");
    await lab.waitForRun(id);
    const log = await readLog();
    expect(log.filter((line) => line.startsWith("state: "))).toEqual(
      ["queued", "preparing", "running", "stopped, asked to stop at step 7"].map((state) => `state: ${state}`),
    );
    expect(log).toContainEqual(
      expect.stringMatching(/^engine: tensorflow on script, dilated convolution native; .* (works|failed): /),
    );
    expect(log).toContainEqual(expect.stringMatching(/^info: .*photo-00.png/));
    const next = await lab.startSearch(search(photos));
    await lab.waitForRun(next.id);
    expect(await readLog()).toEqual(log);
  });

  it("tells a run that fails, and why, to its log", async () => {
    const { home, photos } = await prepare();
    const { lab } = openLab(home);
    const { id, folder } = await lab.startSearch(search(photos, "refuse at 3"));
    await lab.waitForRun(id);
    expect(await readFile(join(folder, "log.txt"), "utf8")).toContain("state: failed, search: needs 9 GB, got 1 GB\n");
  });

  it("sends each half of the split and the validation photos, in grey, to the compute process", async () => {
    const { home, photos } = await prepare();
    const { lab } = openLab(home);
    const { id } = await lab.startSearch(search(photos));
    await lab.waitForRun(id);
    const log = (await lab.readRunEvents(id)).find((event) => event.type === "log");
    expect(JSON.parse(log?.type === "log" ? log.message : "{}")).toEqual({
      weights: ["photo-00.png [24, 24, 1]", "photo-01.png [24, 24, 1]"],
      architecture: ["photo-02.png [24, 24, 1]", "photo-03.png [24, 24, 1]"],
      validation: ["photo-04.png [24, 24, 1]", "photo-05.png [24, 24, 1]"],
    });
  });

  it("tells whoever listens the same events that are in the folder", async () => {
    const { home, photos } = await prepare();
    const { lab } = openLab(home);
    const { id } = await lab.startSearch(search(photos));
    const heard: RunEvent[] = [];
    lab.subscribe(id, (event) => heard.push(event));
    await lab.waitForRun(id);
    const events = await lab.readRunEvents(id);
    expect(heard).toEqual(events.slice(-heard.length));
    expect(stepsOf(heard)).toEqual(unbroken);
  });

  it("tells who follows it each event as soon as who listens in the same process", async () => {
    const { home, photos } = await prepare();
    const { lab } = openLab(home);
    const { id } = await lab.startSearch(search(photos, "wait at 7"));
    await whenStep(lab, id, 7);
    const followed: RunEvent[] = [];
    const { stop } = await lab.followRun(id, 100, (events) => followed.push(...events));
    const heard: RunEvent[] = [];
    lab.subscribe(id, (event) => {
      heard.push(event);
      expect(followed).toEqual(heard);
    });
    await lab.controlRun(id, "pause");
    await lab.controlRun(id, "run");
    await lab.waitForRun(id);
    stop();
    expect(stepsOf(followed)).toEqual(unbroken.slice(7));
  });

  it("fails where the numbers diverge, and says at which step and in what", async () => {
    const { home, photos } = await prepare();
    const { lab } = openLab(home);
    const { id } = await lab.startSearch(search(photos, "diverge at 7"));
    expect(await lab.waitForRun(id)).toMatchObject({
      state: "failed",
      reason: "diverged at step 7: loss no longer finite; a lower learning rate helps most often",
      step: 7,
    });
  });

  it("is interrupted where the compute process dies, and the next run gets a new one", async () => {
    const { home, photos } = await prepare();
    const { lab } = openLab(home);
    const { id } = await lab.startSearch(search(photos, "crash at 7"));
    const broken = await lab.waitForRun(id);
    expect(broken).toMatchObject({ state: "interrupted", step: 7 });
    expect(broken.reason).toContain("exit code 9");
    expect((await lab.getOverview()).nextStep).toEqual({ kind: "resume", run: { id, kind: "search" } });
    const next = await lab.startSearch(search(photos));
    expect((await lab.waitForRun(next.id)).state).toBe("finished");
  });

  it("is interrupted, not failed, where the compute process is killed while it gets its photos", async () => {
    const { home, photos } = await prepare();
    vi.stubEnv("DIE_AT_PHOTOS", "1");
    onTestFinished(() => void vi.unstubAllEnvs());
    const { lab } = openLab(home);
    const { id } = await lab.startSearch(search(photos));
    const broken = await lab.waitForRun(id);
    expect(broken).toMatchObject({ state: "interrupted", step: 0, errorKind: "engine" });
    expect(broken.reason).toContain("SIGKILL");
  });

  it("fails with the reason that the compute process gives", async () => {
    const { home, photos } = await prepare();
    const { lab } = openLab(home);
    const { id } = await lab.startSearch(search(photos, "refuse at 3"));
    expect(await lab.waitForRun(id)).toMatchObject({ state: "failed", reason: "search: needs 9 GB, got 1 GB" });
  });

  it("goes on in a fresh compute process where the old one asks for it", async () => {
    const { home, photos } = await prepare();
    const { lab } = openLab(home);
    const { id } = await lab.startSearch(search(photos, "restart at 17"));
    expect((await lab.waitForRun(id)).state).toBe("finished");
    const events = await lab.readRunEvents(id);
    expect(stepsOf(events)).toEqual(unbroken);
    const pids = new Set(events.flatMap((event) => (event.type === "step" ? [event.tensors] : [])));
    expect(pids.size).toBe(2);
  });

  it("fails where its folder can no longer be written", async () => {
    const { home, photos } = await prepare();
    const { lab, said } = openLab(home);
    const { id, folder } = await lab.startSearch(search(photos, "wait at 7"));
    await whenStep(lab, id, 7);
    await rm(folder, { recursive: true });
    expect(await lab.waitForRun(id)).toMatchObject({ state: "failed", step: 7 });
    expect((await lab.showRun(id)).state).toBe("interrupted");
    expect(said.join()).toContain("its end could not be written down");
  });
});
