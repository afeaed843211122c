import { execFileSync } from "node:child_process";
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";

import { describe, expect, it } from "vitest";

import { getHomePaths } from "#main/store/labHome.ts";
import { getRunPaths } from "#main/store/runs/runFolder.ts";
import { findStartFile, keepStartFile } from "#main/store/runs/startFile.ts";
import { trainConfigSchema } from "#shared/runs/config.ts";

import { makeFolder, openLab } from "#tests/helpers/labHome.ts";
import { TINY_GENOTYPE } from "#tests/helpers/tinyGenotype.ts";

describe("the network that a training begins with", () => {
  it("is kept in the run's folder, by its content", async () => {
    const folder = await makeFolder();
    const paths = getRunPaths(join(folder, "run"));
    await mkdir(paths.checkpoints, { recursive: true });
    await writeFile(join(folder, "network.ONNX"), "a network");
    await keepStartFile(paths, join(folder, "network.ONNX"));
    const kept = await findStartFile(paths);
    expect(await readFile(kept, "utf8")).toBe("a network");
    expect(await readdir(paths.checkpoints)).toEqual(["start.onnx"]);
  });

  it.skipIf(process.platform === "win32")("is no pipe, which would be waited for; no run is left of it", async () => {
    const home = await makeFolder();
    const pipe = join(await makeFolder(), "network.safetensors");
    execFileSync("mkfifo", [pipe]);
    const { lab } = openLab(home);
    const config = trainConfigSchema.parse({ data: { dataset: "sample" }, training: { startFrom: pipe } });
    await expect(lab.startTraining(config, TINY_GENOTYPE)).rejects.toMatchObject({ kind: "bad_data" });
    expect(await lab.listRuns()).toEqual([]);
    expect(await readdir(getHomePaths(home).runs)).toEqual([]);
  });
});
