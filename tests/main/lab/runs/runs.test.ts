import { mkdir, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";

import { describe, expect, it, onTestFinished, vi } from "vitest";

import type { Lab } from "#shared/api/lab.ts";
import type { RunSummary } from "#shared/api/runs.ts";
import { searchConfigSchema, trainConfigSchema } from "#shared/runs/config.ts";
import type { RunEvent } from "#shared/runs/runEvent.ts";
import { genotypeHash } from "#shared/space/spaces/spaces.ts";

import { withPip } from "#tests/helpers/fakeTensorflow.ts";
import { makeFolder, openLab, SCRIPTED_WORKER, writePhotos } from "#tests/helpers/labHome.ts";
import { TINY_GENOTYPE } from "#tests/helpers/runFixtures.ts";
import { startScript } from "#tests/helpers/runInProcess.ts";

async function prepare(): Promise<{ home: string; photos: string }> {
  return { home: await makeFolder(), photos: await writePhotos(await makeFolder(), 6) };
}

function search(dataset: string, name = ""): Parameters<Lab["startSearch"]>[0] {
  return searchConfigSchema.parse({ name, data: { dataset, validationShare: 0.34 }, space: { layers: 2, nodes: 2 } });
}

function stepsOf(events: readonly RunEvent[]): number[] {
  return events.flatMap((event) => (event.type === "step" ? [event.step] : []));
}

function statesOf(events: readonly RunEvent[]): string[] {
  return events.flatMap((event) => (event.type === "state" ? [event.state] : []));
}

const unbroken = Array.from({ length: 40 }, (_, index) => index + 1);

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

describe("pausing and stopping", () => {
  it("pauses a run, lets it go on and stops it with a checkpoint", async () => {
    const { home, photos } = await prepare();
    const { lab } = openLab(home);
    const { id, folder } = await lab.startSearch(search(photos, "wait at 7"));
    await whenStep(lab, id, 7);
    await lab.controlRun(id, "pause");
    await whenState(lab, id, "paused");
    await lab.controlRun(id, "stop");
    expect(await lab.waitForRun(id)).toMatchObject({ state: "stopped", reason: "asked to stop at step 7", step: 7 });
    expect(await readdir(join(folder, "checkpoints"))).toContain("last.safetensors");
  });

  it("hears the orders that another process leaves", async () => {
    const { home, photos } = await prepare();
    const { lab: owner } = openLab(home);
    const { lab: other } = openLab(home);
    const { id } = await owner.startSearch(search(photos, "wait at 7"));
    await whenStep(owner, id, 7);
    await other.controlRun(id, "stop");
    expect(await other.waitForRun(id)).toMatchObject({ state: "stopped", step: 7 });
  });

  it("stops a run that waits for the compute process without disturbing the one that has it", async () => {
    const { home, photos } = await prepare();
    const { lab } = openLab(home);
    const first = await lab.startSearch(search(photos, "wait at 7"));
    const second = await lab.startSearch(search(photos));
    await whenState(lab, second.id, "queued");
    await lab.controlRun(second.id, "stop");
    expect(await lab.waitForRun(second.id)).toMatchObject({
      state: "stopped",
      reason: "asked to stop before it began",
    });
    expect((await lab.showRun(first.id)).state).not.toBe("stopped");
    const third = await lab.startSearch(search(photos));
    await whenStep(lab, first.id, 7);
    await lab.controlRun(first.id, "stop");
    expect((await lab.waitForRun(third.id)).state).toBe("finished");
  });

  it.skipIf(process.platform !== "linux")(
    "ends the installation of an engine with the run that waits for it",
    async () => {
      const { home, photos } = await prepare();
      const programs = join(await makeFolder(), "bin");
      vi.stubEnv("PATH", withPip(programs, "setInterval(() => undefined, 1000);").PATH);
      vi.stubEnv("CXX", "");
      vi.stubEnv("HINAS_CACHE", await makeFolder());
      onTestFinished(() => void vi.unstubAllEnvs());
      const { lab } = openLab(home);
      const { id, folder } = await lab.startSearch(search(photos));
      const readLog = () => readFile(join(folder, "log.txt"), "utf8");
      await expect.poll(readLog, { timeout: 20_000 }).toMatch(/Z downloading tensorflow/);
      await lab.controlRun(id, "stop");
      expect(await lab.waitForRun(id)).toMatchObject({ state: "stopped", reason: "asked to stop before it began" });
      vi.unstubAllEnvs();
      await lab.resumeRun(id);
      expect((await lab.waitForRun(id)).state).toBe("finished");
    },
  );

  it("stops its runs with checkpoints when the lab is closed", async () => {
    const { home, photos } = await prepare();
    const { lab } = openLab(home);
    const { id } = await lab.startSearch(search(photos, "wait at 7"));
    await whenStep(lab, id, 7);
    await lab.close();
    const run = await openLab(home).lab.showRun(id);
    expect(run).toMatchObject({ state: "stopped", reason: "the lab was closed at step 7" });
  });

  it("refuses orders to a run that has ended, but takes a stop as done", async () => {
    const { home, photos } = await prepare();
    const { lab } = openLab(home);
    const { id } = await lab.startSearch(search(photos));
    await lab.waitForRun(id);
    await expect(lab.controlRun(id, "pause")).rejects.toThrow(`run ${id} must be at work, got finished`);
    await expect(lab.controlRun(id, "stop")).resolves.toBeUndefined();
  });
});

describe("resuming", () => {
  it("continues a stopped run from its checkpoint, with each step told once", async () => {
    const { home, photos } = await prepare();
    const { lab } = openLab(home);
    const { id } = await lab.startSearch(search(photos, "wait at 27"));
    await whenStep(lab, id, 27);
    await lab.controlRun(id, "stop");
    await lab.waitForRun(id);
    const resumed = await lab.resumeRun(id.slice(0, 20).toLowerCase());
    expect(resumed.id).toBe(id);
    expect(await lab.waitForRun(id)).toMatchObject({ state: "finished", best: { step: 20 } });
    expect(stepsOf(await lab.readRunEvents(id))).toEqual(unbroken);
  });

  it("takes up a run whose process was killed, from its last checkpoint", async () => {
    const { home, photos } = await prepare();
    const { id } = await startAndKill(home, photos, "wait at 27");
    const { lab } = openLab(home);
    expect(await lab.showRun(id)).toMatchObject({ state: "interrupted" });
    await expect(lab.controlRun(id, "pause")).rejects.toMatchObject({ kind: "interrupted" });
    await lab.resumeRun(id);
    const resumedAt = async () =>
      (await lab.readRunEvents(id)).flatMap((event) => (event.type === "resumed" ? [event.step] : []));
    await expect.poll(resumedAt, { timeout: 20_000 }).toEqual([20]);
    await whenStep(lab, id, 27);
    await lab.controlRun(id, "stop");
    expect(await lab.waitForRun(id)).toMatchObject({ best: { step: 20 } });
    expect(stepsOf(await lab.readRunEvents(id))).toEqual(unbroken.slice(0, 27));
  });

  it("begins anew where a run has no checkpoint yet", async () => {
    const { home, photos } = await prepare();
    const { lab } = openLab(home);
    const { id, folder } = await lab.startSearch(search(photos, "crash at 13"));
    await lab.waitForRun(id);
    await rm(join(folder, "checkpoints"), { recursive: true });
    await mkdir(join(folder, "checkpoints"));
    expect(await lab.showRun(id)).toMatchObject({ best: { step: 10 } });
    await lab.resumeRun(id);
    const atFirstStep: Promise<RunSummary>[] = [];
    lab.subscribe(id, (event) => {
      if (event.type === "step" && event.step === 1) atFirstStep.push(lab.showRun(id));
    });
    expect(await lab.waitForRun(id)).toMatchObject({ state: "interrupted", step: 13, best: { step: 10 } });
    expect(await Promise.all(atFirstStep)).toMatchObject([{ step: 0, best: null }]);
    const events = await lab.readRunEvents(id);
    expect(statesOf(events).filter((state) => state === "interrupted")).toHaveLength(2);
    const { snapshot, stop } = await lab.followRun(id, 100, () => undefined);
    stop();
    expect(snapshot.history.steps.step).toEqual(unbroken.slice(0, 13));
    expect(stepsOf(events)).toEqual(unbroken.slice(0, 13));
  });

  it("refuses a search whose checkpoint has no weights, names the setting, and leaves the run as it was", async () => {
    const { home, photos } = await prepare();
    const { lab } = openLab(home);
    const config = search(photos, "crash at 13");
    const withoutWeights = { ...config, search: { ...config.search, keepSupernetWeights: false } };
    const { id } = await lab.startSearch(withoutWeights);
    const broken = await lab.waitForRun(id);
    await expect(lab.resumeRun(id)).rejects.toMatchObject({
      kind: "bad_config",
      message: expect.stringContaining("must have search.keepSupernetWeights true, got false") as string,
    });
    expect(await lab.showRun(id)).toEqual(broken);
  });

  it("refuses where a photo of the data set has changed", async () => {
    const { home, photos } = await prepare();
    const { lab } = openLab(home);
    const { id } = await lab.startSearch(search(photos, "diverge at 7"));
    await lab.waitForRun(id);
    await writeFile(join(photos, "photo-00.png"), await readFile(join(photos, "photo-01.png")));
    await expect(lab.resumeRun(id)).rejects.toMatchObject({ kind: "bad_data" });
    await expect(lab.resumeRun(id)).rejects.toThrow("its photos changed since the run began");
  });

  it("refuses a finished run, and a run that a process is at", async () => {
    const { home, photos } = await prepare();
    const { lab } = openLab(home);
    const finished = await lab.startSearch(search(photos));
    await lab.waitForRun(finished.id);
    await expect(lab.resumeRun(finished.id)).rejects.toThrow("is finished");
    const running = await lab.startSearch(search(photos, "wait at 7"));
    await expect(lab.resumeRun(running.id)).rejects.toMatchObject({ kind: "busy" });
  });
});

describe("a training", () => {
  it("knows its TINY_GENOTYPE, and gets both halves of the split for training", async () => {
    const { home, photos } = await prepare();
    const { lab } = openLab(home);
    const config = trainConfigSchema.parse({ data: { dataset: photos }, training: { steps: 40 } });
    const started = await lab.startTraining(config, TINY_GENOTYPE);
    expect(started).toMatchObject({ kind: "train", totalSteps: 40, genotypeHash: genotypeHash(TINY_GENOTYPE) });
    expect((await lab.waitForRun(started.id)).state).toBe("finished");
    const log = (await lab.readRunEvents(started.id)).find((event) => event.type === "log");
    const sent = JSON.parse(log?.type === "log" ? log.message : "{}") as Record<string, string[]>;
    expect(sent["training"]).toHaveLength(5);
    expect(sent["validation"]).toHaveLength(1);
  });
});

describe("data that cannot be used", () => {
  it.each([
    ["a name that nobody knows", "kitens", "not_found", /no data set or folder is named kitens/],
    ["a name near the built-in set's", "smaple", "not_found", /did you mean sample\?/],
  ])("refuses %s before any run is made", async (_title, dataset, kind, message) => {
    const { lab } = openLab(await makeFolder());
    await expect(lab.startSearch(search(dataset))).rejects.toMatchObject({
      kind,
      message: expect.stringMatching(message) as string,
    });
    expect(await lab.listRuns()).toEqual([]);
  });

  it("refuses too few photos, and noise of pairs without pairs", async () => {
    const { lab } = openLab(await makeFolder());
    const two = await writePhotos(await makeFolder(), 2);
    await expect(lab.startSearch(search(two))).rejects.toThrow("at least 3 usable photos, got 2");
    const three = await writePhotos(await makeFolder(), 3);
    const paired = searchConfigSchema.parse({ data: { dataset: three }, noise: { kind: "paired" } });
    await expect(lab.startSearch(paired)).rejects.toThrow('noise "paired" needs pairs');
    expect(await lab.listRuns()).toEqual([]);
  });
});

describe("finding and removing runs", () => {
  it("finds a run by the beginning of its id, in any case, with or without the folder's prefix", async () => {
    const { home, photos } = await prepare();
    const { lab } = openLab(home);
    const { id } = await lab.startSearch(search(photos));
    await lab.waitForRun(id);
    for (const name of [id, id.slice(0, 8), id.toLowerCase(), `run-${id}`])
      expect((await lab.showRun(name)).id).toBe(id);
    await expect(lab.showRun("ZZZ")).rejects.toMatchObject({ kind: "not_found" });
    await expect(lab.showRun("")).rejects.toMatchObject({ kind: "not_found" });
    const second = await lab.startSearch(search(photos));
    await lab.waitForRun(second.id);
    await expect(lab.showRun(id.slice(0, 2))).rejects.toThrow(/must begin one run, got/);
  });

  it("moves a run to the trash, but not while it is at work", async () => {
    const { home, photos } = await prepare();
    const { lab } = openLab(home);
    const { id } = await lab.startSearch(search(photos, "wait at 7"));
    await expect(lab.removeRun(id)).rejects.toMatchObject({ kind: "busy" });
    await whenStep(lab, id, 7);
    await lab.controlRun(id, "stop");
    await lab.waitForRun(id);
    await lab.removeRun(id);
    expect(await lab.listRuns()).toEqual([]);
    expect(await readdir(join(home, "runs"))).toEqual([]);
    expect(await readdir(join(home, "trash"))).toEqual([expect.stringContaining(`run-${id}`)]);
  });

  it("finds all runs again after the database was lost", async () => {
    const { home, photos } = await prepare();
    const { lab } = openLab(home);
    const { id } = await lab.startSearch(search(photos));
    await lab.waitForRun(id);
    const { hash } = await lab.derive(id, null);
    const before = await lab.listRuns();
    await lab.close();
    for (const suffix of ["", "-wal", "-shm"]) await rm(join(home, `lab.sqlite${suffix}`), { force: true });
    const { lab: again } = openLab(home);
    expect(await again.listRuns()).toEqual([]);
    expect(await again.rebuildStore()).toEqual({ runs: 1, problems: [] });
    expect(await again.listRuns()).toEqual(before.map((run) => ({ ...run, genotypeHash: hash })));
  });

  it("keeps every run that two processes make at once", async () => {
    const { home, photos } = await prepare();
    const script = `
      import { createLab } from "#main/lab/lab.ts";
      const [home, config, computeEntry] = process.argv.slice(1);
      const lab = createLab({ home, log: console.error, computeEntry });
      for (let i = 0; i < 3; i += 1) {
        const run = await lab.startSearch(JSON.parse(config));
        const { state } = await lab.waitForRun(run.id);
        if (state !== "finished") throw new Error(state);
      }
      await lab.close();`;
    const config = JSON.stringify(search(photos));
    const both = [1, 2].map(() => startScript(script, home, config, SCRIPTED_WORKER).ended);
    for (const ended of both) expect(await ended).toEqual({ code: 0, output: "" });
    const runs = await openLab(home).lab.listRuns();
    expect(runs.map(({ state, step }) => ({ state, step }))).toEqual(Array(6).fill({ state: "finished", step: 40 }));
  });
});

/** Resolves when a run has told of a step; the events in the folder are the witness. */
async function whenStep(lab: Lab, id: string, step: number): Promise<void> {
  await expect.poll(async () => stepsOf(await lab.readRunEvents(id)).at(-1), { timeout: 20_000 }).toBe(step);
}

async function whenState(lab: Lab, id: string, state: string): Promise<void> {
  await expect.poll(async () => (await lab.showRun(id)).state, { timeout: 20_000 }).toBe(state);
}

/** Starts a search in a process of its own and kills that process while the search waits. */
async function startAndKill(home: string, photos: string, name: string): Promise<{ id: string }> {
  const script = `
    import { createLab } from "#main/lab/lab.ts";
    const [home, config, computeEntry] = process.argv.slice(1);
    const lab = createLab({ home, log: console.error, computeEntry });
    await lab.startSearch(JSON.parse(config));
    setInterval(() => {}, 1000);`;
  const { child, ended } = startScript(script, home, JSON.stringify(search(photos, name)), SCRIPTED_WORKER);
  const { lab } = openLab(home);
  await expect.poll(async () => (await lab.listRuns()).length, { timeout: 20_000 }).toBe(1);
  const [run] = await lab.listRuns();
  const id = run?.id ?? "";
  await whenStep(lab, id, 27);
  child.kill("SIGKILL");
  await ended;
  return { id };
}
