import { chmod, readFile, writeFile } from "node:fs/promises";
import { delimiter, join } from "node:path";

import { describe, expect, it, onTestFinished } from "vitest";

import { createGpuMeter, readGpuLoad } from "#main/lab/runs/gpuMeter.ts";

import { makeFolder, openLab } from "#tests/helpers/labHome.ts";

import { prepare, search } from "./scriptedRuns.ts";

/** A folder with an `nvidia-smi` of these lines of shell, which notes what it is asked, and an environment that finds it. */
async function makeDriver(...lines: readonly string[]) {
  const folder = await makeFolder();
  const asked = join(folder, "asked.txt");
  const file = join(folder, "nvidia-smi");
  await writeFile(file, ["#!/bin/sh", `echo "$@" >> '${asked}'`, ...lines, ""].join("\n"));
  await chmod(file, 0o755);
  const env = { ...process.env, PATH: `${folder}${delimiter}${process.env["PATH"] ?? ""}`, CUDA_VISIBLE_DEVICES: "" };
  const listAsked = () => readFile(asked, "utf8").then((text) => text.trim().split("\n"), () => []); // prettier-ignore
  return { env, listAsked };
}

/** Whoever looks for cards to compute on finds none: no engine for one is to be fetched. */
const NO_NAMES = 'case "$1" in *name*) exit 9 ;; esac';
const TWO_CARDS = "printf '37, 1024, 81920\\n5, 300, 24576\\n'";

describe("the answer of a driver", () => {
  it("has a line for each card, with percent and MB", () => {
    const answer = "37, 1024, 81920\n5, 300, 24576\n";
    expect(readGpuLoad(answer, 0)).toEqual({ gpuShare: 0.37, gpuMemoryMb: 1024, gpuMemoryTotalMb: 81920 });
    expect(readGpuLoad(answer, 1)).toEqual({ gpuShare: 0.05, gpuMemoryMb: 300, gpuMemoryTotalMb: 24576 });
  });

  it("leaves out what a card does not tell, and tells nothing in other words", () => {
    expect(readGpuLoad("[N/A], 300, [Not Supported]\n", 0)).toEqual({ gpuMemoryMb: 300 });
    expect(readGpuLoad("No devices were found\n", 0)).toEqual({});
    expect(readGpuLoad("", 0)).toEqual({});
  });

  it("takes the first card where there are fewer than the number says, as in a container", () => {
    expect(readGpuLoad("8, 1, 2\n", 3)).toMatchObject({ gpuShare: 0.08 });
  });
});

describe("the meter of a graphics card", () => {
  it("answers at once, with nothing at first, and asks in the background", async () => {
    const { env, listAsked } = await makeDriver(TWO_CARDS);
    const meter = createGpuMeter("gpu:1", env);
    onTestFinished(() => meter.close());
    expect(meter.read()).toEqual({});
    await expect.poll(() => meter.read(), { timeout: 20_000 }).toMatchObject({ gpuShare: 0.05, gpuMemoryMb: 300 });
    expect((await listAsked())[0]).toBe(
      "--query-gpu=utilization.gpu,memory.used,memory.total --format=csv,noheader,nounits",
    );
  });

  it("takes the first card that CUDA shows where none is chosen", async () => {
    const { env } = await makeDriver(TWO_CARDS);
    const meter = createGpuMeter("auto", { ...env, CUDA_VISIBLE_DEVICES: "1,0" });
    onTestFinished(() => meter.close());
    await expect.poll(() => meter.read(), { timeout: 20_000 }).toMatchObject({ gpuShare: 0.05 });
  });

  it("never asks again where the first question fails, nor where the processor computes", async () => {
    const { env, listAsked } = await makeDriver("exit 9");
    const meter = createGpuMeter("auto", env);
    onTestFinished(() => meter.close());
    meter.read();
    await expect.poll(listAsked, { timeout: 20_000 }).toHaveLength(1);
    createGpuMeter("cpu", env).read();
    // Longer than a sample takes: a meter that did not give up would have asked again.
    const endMs = performance.now() + 2_500;
    await expect.poll(() => (meter.read(), performance.now() > endMs), { timeout: 20_000 }).toBe(true);
    expect(await listAsked()).toHaveLength(1);
    expect(meter.read()).toEqual({});
  });
});

it("puts what the driver tells into the steps of a run", async () => {
  const { env } = await makeDriver(NO_NAMES, TWO_CARDS);
  const before = process.env["PATH"];
  process.env["PATH"] = env.PATH;
  onTestFinished(() => void (process.env["PATH"] = before));
  const { home, photos } = await prepare();
  const { lab } = openLab(home);
  const { id } = await lab.startSearch(search(photos, "wait at 7"));
  const steps = async () => (await lab.readRunEvents(id)).filter((event) => event.type === "step");
  await expect.poll(async () => (await steps()).at(-1)?.step, { timeout: 100_000 }).toBe(7);
  // Asked after the run's own question, this one is answered after it.
  const later = createGpuMeter("auto", env);
  onTestFinished(() => later.close());
  await expect.poll(() => later.read(), { timeout: 20_000 }).toMatchObject({ gpuShare: 0.37 });
  await lab.controlRun(id, "pause");
  await lab.controlRun(id, "run");
  await lab.waitForRun(id);
  expect((await steps()).some((event) => event.gpuShare === 0.37 && event.gpuMemoryTotalMb === 81920)).toBe(true);
});
