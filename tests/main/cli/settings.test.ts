import { writeFile } from "node:fs/promises";
import { join } from "node:path";

import { describe, expect, it } from "vitest";

import { makeBench } from "./bench.ts";

describe("hinas config render", () => {
  it("prints settings with their origins on stdout and nothing on stderr", async () => {
    const { folder, run } = await makeBench();
    await writeFile(join(folder, "hinas.yaml"), "search:\n  epochs: 50\n");
    const { code, stdout, stderr } = await run(["config", "render", "--set", "space.layers=4"], { HINAS_SEED: "7" });
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout.split("\n")).toEqual(
      expect.arrayContaining([
        "seed: 7 # HINAS_SEED",
        "  layers: 4 # --set space.layers=4",
        "  epochs: 50 # hinas.yaml line 2",
        "  batchSize: 6 # default",
      ]),
    );
  });

  it("prints JSON with every value and its origin", async () => {
    const { run } = await makeBench();
    const { stdout } = await run(["config", "render", "train", "--seed", "3", "--json"]);
    const { settings, origins } = JSON.parse(stdout) as { settings: object; origins: Record<string, string> };
    expect(settings).toMatchObject({ seed: 3, training: { optimiser: { kind: "sgd" } } });
    expect(origins).toMatchObject({ seed: "--seed 3", "training.optimiser.kind": "default" });
  });

  it.each([
    ["30", { kind: "gaussian", sigma255: 30 }],
    ["15,25.5,50", { kind: "gaussian", sigma255: [15, 25.5, 50] }],
    ["0..55", { kind: "gaussian", sigma255: { from: 0, to: 55 } }],
    ["paired", { kind: "paired" }],
  ])("reads --noise %s", async (text, noise) => {
    const { run } = await makeBench();
    const { stdout } = await run(["config", "render", "--noise", text, "--json"]);
    expect(JSON.parse(stdout)).toMatchObject({ settings: { noise } });
  });

  it.each([
    ["10%", { kind: "share", share: 0.1, seed: 0 }],
    ["0.25", { kind: "share", share: 0.25, seed: 0 }],
    ["20", { kind: "count", photos: 20, seed: 0 }],
    ["none", { kind: "none" }],
  ])("reads --test %s", async (text, test) => {
    const { run } = await makeBench();
    const { stdout } = await run(["config", "render", "--test", text, "--json"]);
    expect(JSON.parse(stdout)).toMatchObject({ settings: { data: { test } } });
  });

  it.each([
    [["--test", "120%"], "data.test.share"],
    [["--test", "0"], "data.test.share"],
    [["--test=-3"], "data.test.photos"],
    [["--test", "much"], "data.test.kind"],
    [["--test", "list"], "data.test.names must name at least one photo where data.test.kind is list, got none"],
    [
      ["--set", "data.test={kind: list, names: [a.png, b.png, a.png]}"],
      "data.test.names must name each photo once, got a.png twice",
    ],
  ])("refuses %j as photos for a test", async (flags, told) => {
    const { run } = await makeBench();
    const { code, stderr } = await run(["config", "render", ...flags]);
    expect(code).toBe(3);
    expect(stderr).toContain(told);
  });

  it("reads a range of sigma as it is written, by flag and from a file", async () => {
    const { folder, run } = await makeBench();
    const noiseOf = async (...flags: readonly string[]) => {
      const { stdout } = await run(["config", "render", "train", ...flags, "--json"]);
      return (JSON.parse(stdout) as { settings: { noise: unknown } }).settings.noise;
    };
    const noise = { kind: "gaussian", sigma255: { from: 0, to: 75 } };
    expect(await noiseOf("--set", "noise.sigma255=0..75")).toEqual(noise);
    await writeFile(join(folder, "range.yaml"), "noise: {sigma255: 0 .. 75}\n");
    expect(await noiseOf("--config", join(folder, "range.yaml"))).toEqual(noise);
  });

  it("takes a data set's name as it is and a folder from where it is called", async () => {
    const { folder, run } = await makeBench();
    const dataset = async (data: string) => {
      const { stdout } = await run(["config", "render", "--data", data, "--json"]);
      return (JSON.parse(stdout) as { settings: { data: { dataset: string } } }).settings.data.dataset;
    };
    expect(await dataset("2024")).toBe("2024");
    expect(await dataset("./photos")).toBe(join(folder, "photos"));
  });

  it.each(["demo", "demo-cpu"])("knows the preset %s for search and training", async (preset) => {
    const { run } = await makeBench();
    for (const job of ["search", "train"]) {
      const { code, stdout } = await run(["config", "render", job, "--preset", preset]);
      expect(code).toBe(0);
      expect(stdout).toContain(`# preset ${preset} line`);
    }
  });
});

describe("hinas config check", () => {
  it("accepts a file that holds the settings of several jobs", async () => {
    const { folder, run } = await makeBench();
    await writeFile(join(folder, "a.yaml"), "seed: 3\nsearch: {epochs: 50}\ntraining: {steps: 100}\n");
    expect(await run(["config", "check", "a.yaml"])).toEqual({ code: 0, stdout: "a.yaml is good.\n", stderr: "" });
  });

  it("lists every problem of every job once, and exits with 3", async () => {
    const { folder, run } = await makeBench();
    await writeFile(join(folder, "a.yaml"), "seed: -1\nspace: {nodes: 0}\nsearch:\n  epoch: 3\ntraining: {steps: 0}\n");
    expect(await run(["config", "check", "a.yaml"])).toEqual({
      code: 3,
      stdout: "",
      stderr: [
        "config: a.yaml line 4: unknown key search.epoch; did you mean search.epochs?",
        "config: a.yaml line 1: seed must be at least 0, got -1",
        "config: a.yaml line 2: space.nodes must be at least 1, got 0",
        "config: a.yaml line 5: training.steps must be more than 0, got 0",
        "",
      ].join("\n"),
    });
  });

  it("says that a file is missing", async () => {
    const { run } = await makeBench();
    expect(await run(["config", "check", "gone.yaml"])).toEqual({
      code: 3,
      stdout: "",
      stderr: "config: gone.yaml: no such file or folder (ENOENT)\n",
    });
  });
});

describe("a job with bad settings", () => {
  it("is refused before anything starts, with every flag's problem", async () => {
    const { run } = await makeBench();
    const { code, stderr } = await run(["search", "--seed", "x", "--noise", "-5", "--set", "space.nodes=0"]);
    expect(code).toBe(3);
    expect(stderr.trimEnd().split("\n")).toEqual([
      'config: --seed x: seed must be a number, got "x"',
      "config: --noise -5: noise.sigma255 must be at least 0, got -5",
      "config: --set space.nodes=0: space.nodes must be at least 1, got 0",
    ]);
  });
});
