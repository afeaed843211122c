import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, readFile, rename } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";

import { describe, expect, it, onTestFinished, vi } from "vitest";

import { decodeSafetensors } from "#main/compute/checkpoint/safetensors.ts";
import { createLab } from "#main/lab/lab.ts";
import { packForNodes } from "#main/lab/sites/packForNodes.ts";
import { getRunPaths, readManifest, readStatus } from "#main/store/runs/runFolder.ts";
import { trainConfigSchema } from "#shared/runs/config.ts";

import { makeFolder, writePhotos } from "#tests/helpers/labHome.ts";
import { TINY_GENOTYPE } from "#tests/helpers/tinyGenotype.ts";
import { copyUnbegun } from "#tests/helpers/unbegunRun.ts";

const execute = promisify(execFile);
// Two gigabytes go to the disk and come back.
vi.setConfig({ testTimeout: 600_000 });

const readWeights = async (folder: string) => {
  const file = join(folder, "checkpoints/last.safetensors");
  return decodeSafetensors(await readFile(file), file).tensors;
};

describe.skipIf(process.platform !== "linux")("the pack for nodes without a network", () => {
  it("does a run where it was unpacked, with nothing of this computer but the system, and the same bits come out", async () => {
    const folder = await makeFolder();
    const pack = await packForNodes(join(folder, "hinas-node.tar"));
    expect(await readFile(pack.recipe, "utf8")).toContain("hinas-node.tar /opt/hinas-node.tar");
    await execute("tar", ["--extract", "--file", pack.tar, "--directory", folder]);
    const hinas = join(folder, "hinas-node/bin/hinas");
    for (const left of ["vue", "electron", "onnxruntime-node"]) {
      expect(existsSync(join(folder, "hinas-node/project/node_modules", left))).toBe(false);
    }

    const photos = await writePhotos(await makeFolder(), 5, 32);
    const lab = createLab({ home: await makeFolder(), log: () => undefined });
    onTestFinished(() => lab.close());
    const config = trainConfigSchema.parse({
      data: { dataset: photos },
      network: { filters: 2 },
      training: { steps: 20, batchSize: 2, patchSize: 16 },
    });
    const whole = await lab.waitForRun((await lab.startTraining(config, TINY_GENOTYPE)).id);
    const run = await copyUnbegun(whole.folder);
    const { dataset } = await readManifest(getRunPaths(run));
    const dataRoot = await makeFolder();
    await mkdir(join(dataRoot, dataset.fingerprint));
    await rename(photos, join(dataRoot, dataset.fingerprint, "clean"));

    const threads = Object.entries(process.env).filter(([name]) => name.startsWith("TF_NUM_"));
    const env = { PATH: "/usr/bin:/bin", HOME: await makeFolder(), ...Object.fromEntries(threads) };
    await execute(hinas, ["run", run, "--resume", "auto", "--data", dataRoot], { cwd: "/", env });
    expect(await readStatus(getRunPaths(run))).toMatchObject({
      state: "finished",
      best: whole.best,
      engine: whole.engine,
    });
    expect(await readWeights(run)).toEqual(await readWeights(whole.folder));
  });

  it("is refused where it is not a tar, and leaves nothing behind where it cannot be written", async () => {
    const folder = await makeFolder();
    await expect(packForNodes(join(folder, "hinas.zip"))).rejects.toThrow("the file must end in .tar");
    await expect(packForNodes(join(folder, "nowhere/hinas.tar"))).rejects.toMatchObject({ kind: "not_found" });
    expect(existsSync(join(folder, "nowhere"))).toBe(false);
  });
});
