import { readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";

import { describe, expect, it } from "vitest";

import { openRunSamples } from "#main/lab/runs/runSamples.ts";
import { createRunFolder, type RunPaths } from "#main/store/runs/runFolder.ts";
import type { Lab } from "#shared/api/lab.ts";
import { searchConfigSchema } from "#shared/runs/config.ts";
import type { RunEvent } from "#shared/runs/runEvent.ts";

import { makeFolder, openLab, writePhotos } from "#tests/helpers/labHome.ts";
import { makeGreyPhoto } from "#tests/helpers/makePhoto.ts";
import { buildManifest, buildStatus } from "#tests/helpers/runFixtures.ts";

async function startSearch(lab: Lab, name = ""): Promise<string> {
  const dataset = await writePhotos(await makeFolder(), 4);
  const { id } = await lab.startSearch(searchConfigSchema.parse({ name, data: { dataset } }));
  return id;
}

function samplesOf(events: readonly RunEvent[]) {
  return events.flatMap((event) => (event.type === "sample" ? [event] : []));
}

async function readGrey(lab: Lab, run: string, image: string) {
  const { bytes, shape } = await lab.readPicture({ kind: "run", run, image, encoding: "float32" });
  return { shape, values: [...new Float32Array(Uint8Array.from(bytes).buffer)] };
}

describe("a run's sample pictures", () => {
  it("lie in its folder, are told before the end and can be looked at", async () => {
    const { lab } = openLab(await makeFolder());
    const id = await startSearch(lab);
    const { folder } = await lab.waitForRun(id);
    const events = await lab.readRunEvents(id);
    expect(samplesOf(events).map(({ step, epoch, noisy, denoised }) => [step, epoch, noisy, denoised])).toEqual(
      [10, 20, 30, 40].map((step) => [step, step / 10, "images/sample-noisy.png", `images/sample-00000${step}.png`]),
    );
    // A quarter and a half away from what ought to come out.
    expect(samplesOf(events)[0]).toMatchObject({
      clean: "images/sample-clean.png",
      psnrDb: expect.closeTo(12.04, 2) as number,
      noisyPsnrDb: expect.closeTo(6.02, 2) as number,
    });
    expect(events.at(-1)).toMatchObject({ type: "state", state: "finished" });
    expect(await readdir(join(folder, "images"))).toHaveLength(6);
    const grey = (value: number) => ({ shape: [2, 3, 1], values: new Array<number>(6).fill(Math.fround(value / 255)) });
    expect(await readGrey(lab, id, "sample-0000010.png")).toEqual(grey(64));
    expect(await readGrey(lab, id, "sample-noisy.png")).toEqual(grey(255));
    expect(await readGrey(lab, id, "sample-clean.png")).toEqual(grey(128));
    await expect(readGrey(lab, id, "../status.json")).rejects.toMatchObject({ kind: "permission" });
  });

  it("of later steps are forgotten where the run goes on from an earlier checkpoint", async () => {
    const { lab } = openLab(await makeFolder());
    const id = await startSearch(lab, "crash at 35");
    const { folder } = await lab.waitForRun(id);
    const left = join(folder, "images", "sample-0000034.png");
    await writeFile(left, await readFile(join(folder, "images", "sample-0000030.png")));
    await lab.resumeRun(id);
    await lab.waitForRun(id);
    expect(samplesOf(await lab.readRunEvents(id)).map(({ step }) => step)).toEqual([10, 20, 30]);
    expect(await readdir(join(folder, "images"))).not.toContain("sample-0000034.png");
  });

  it("that cannot be written are logged, and the run goes on to its end", async () => {
    const { lab } = openLab(await makeFolder());
    const id = await startSearch(lab, "wait at 7");
    await expect.poll(async () => (await lab.showRun(id)).step, { timeout: 20_000 }).toBe(7);
    const { folder } = await lab.showRun(id);
    await rm(join(folder, "images"), { recursive: true });
    await lab.controlRun(id, "pause");
    await lab.controlRun(id, "run");
    expect(await lab.waitForRun(id)).toMatchObject({ state: "finished", step: 40 });
    const events = await lab.readRunEvents(id);
    expect(samplesOf(events)).toEqual([]);
    const warnings = events.flatMap((event) =>
      event.type === "log" && event.level === "warning" ? [event.message] : [],
    );
    expect(warnings).toHaveLength(4);
    expect(warnings[0]).toMatch(/^sample picture: write .*no such file or folder/);
  });
});

describe("a long run", () => {
  const picture = makeGreyPhoto(2, 2, () => 0.5);

  async function writeSamples(paths: RunPaths, steps: readonly number[]): Promise<void> {
    const samples = openRunSamples(paths, { onWritten: () => undefined, onTrouble: (message) => expect.fail(message) });
    for (const step of steps) samples.add({ step, epoch: step, noisy: picture, denoised: picture, clean: picture });
    await samples.settle();
  }

  async function listSteps({ images }: RunPaths): Promise<number[]> {
    return (await readdir(images)).flatMap((name) => /^sample-(\d+)/.exec(name)?.[1] ?? []).map(Number);
  }

  it("keeps sixty sample pictures, the first and the newest among them, spread over all of it", async () => {
    const paths = await createRunFolder(await makeFolder(), buildManifest("A1"), buildStatus());
    await writeSamples(
      paths,
      Array.from({ length: 200 }, (_, index) => 5 * (index + 1)),
    );
    const steps = (await listSteps(paths)).toSorted((a, b) => a - b);
    expect(steps).toHaveLength(60);
    expect([steps[0], steps.at(-1)]).toEqual([5, 1000]);
    const gaps = steps.slice(1).map((step, index) => step - steps[index]!);
    expect(Math.max(...gaps)).toBeLessThanOrEqual(4 * 5);
  });
});
