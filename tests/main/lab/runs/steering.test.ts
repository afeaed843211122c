import { mkdir, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";

import { describe, expect, it, onTestFinished, vi } from "vitest";

import { getRunPaths, readStatus } from "#main/store/runs/runFolder.ts";
import type { LabError } from "#shared/labError.ts";
import type { RunSummary } from "#shared/api/runs.ts";

import { withPip } from "#tests/helpers/fakeTensorflow.ts";
import { makeFolder, openLab } from "#tests/helpers/labHome.ts";

import { prepare, search, startAndKill, statesOf, stepsOf, unbroken, whenState, whenStep } from "./scriptedRuns.ts";

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

  it("refuses another engine than before in one sentence and leaves the run as it was, or notes that it was wished", async () => {
    const { home, photos } = await prepare();
    const { lab: before } = openLab(home);
    const { id, folder } = await before.startSearch(search(photos, "wait at 27"));
    await whenStep(before, id, 27);
    await before.controlRun(id, "stop");
    const stopped = await before.waitForRun(id);
    await before.close();
    vi.stubEnv("FALLBACK_REASON", "no engine today");
    onTestFinished(() => void vi.unstubAllEnvs());
    const { lab } = openLab(home);
    await expect(lab.resumeRun(id)).rejects.toMatchObject({
      kind: "other_engine",
      message: expect.stringContaining(
        "was computed by tensorflow on script, and here computes cpu on script",
      ) as string,
    });
    expect(await lab.showRun(id)).toEqual(stopped);
    await lab.resumeRunByAnyEngine(id);
    expect(await lab.waitForRun(id)).toMatchObject({ state: "finished", engine: "cpu on script" });
    const status = await readStatus(getRunPaths(folder));
    expect(status.earlierEngines).toEqual([{ engine: "tensorflow on script", untilStep: 27 }]);
    const messages = (await lab.readRunEvents(id)).flatMap((event) => (event.type === "log" ? [event.message] : []));
    expect(messages).toContain(
      "goes on by cpu on script, as somebody wished; up to here it was computed by tensorflow on script",
    );
    expect(JSON.parse(await readFile(join(folder, "env.json"), "utf8"))).toMatchObject({
      engine: { backend: "cpu" },
      earlier: [{ engine: { backend: "tensorflow" } }],
    });
  });

  it("interrupts a run whose turn comes when another engine computes", async () => {
    const { home, photos } = await prepare();
    const { lab: before } = openLab(home);
    const { id } = await before.startSearch(search(photos, "crash at 27"));
    expect(await before.waitForRun(id)).toMatchObject({ state: "interrupted", errorKind: "engine" });
    await before.close();
    vi.stubEnv("FALLBACK_REASON", "no engine today");
    onTestFinished(() => void vi.unstubAllEnvs());
    const { lab } = openLab(home);
    const other = await lab.startSearch(search(photos));
    // The other run may or may not have told yet which engine there is.
    const trouble = lab.resumeRun(id).then(
      async () => (await lab.waitForRun(id)).errorKind,
      (error: unknown) => (error as LabError).kind,
    );
    expect(await trouble).toBe("other_engine");
    expect(await lab.showRun(id)).toMatchObject({ state: "interrupted", engine: "tensorflow on script" });
    expect((await lab.waitForRun(other.id)).state).toBe("finished");
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
