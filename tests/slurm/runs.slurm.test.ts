import { existsSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";

import { afterAll, describe, expect, it, onTestFinished, vi } from "vitest";

import { decodeSafetensors } from "#main/compute/checkpoint/safetensors.ts";
import { createLab } from "#main/lab/lab.ts";
import { trainConfigSchema } from "#shared/runs/config.ts";
import type { RunEvent } from "#shared/runs/runEvent.ts";

import { makeFolder, writePhotos } from "#tests/helpers/labHome.ts";
import { isOver } from "#tests/helpers/siteRuns.ts";
import { TINY_GENOTYPE } from "#tests/helpers/tinyGenotype.ts";
import { search, stepsOf, unbroken } from "#tests/main/lab/runs/scriptedRuns.ts";
import { profileOf, startCluster } from "./cluster.ts";
import { countRequeues, jobOf, openAtCluster, startWaiting, watchUntil } from "./followAtCluster.ts";

const { cluster, skipped } = await startCluster();
vi.setConfig({ testTimeout: 600_000 });
afterAll(() => cluster.stop());

const readWeights = async (folder: string) => {
  const file = join(folder, "checkpoints/last.safetensors");
  return decodeSafetensors(await readFile(file), file).tensors;
};
const validationsOf = (events: readonly RunEvent[]) =>
  events.flatMap((event) => (event.type === "validation" ? [[event.step, event.validation, event.isBest]] : []));

describe.skipIf(skipped !== "")(`a run at a real Slurm${skipped}`, () => {
  it("is done with the bits of the same run here, though it made room and was preempted on its way", async () => {
    const photos = await writePhotos(await makeFolder(), 5, 32);
    const lab = createLab({ home: await makeFolder(), log: () => undefined });
    onTestFinished(() => lab.close());
    await lab.putSite({ name: "cluster", yaml: profileOf(cluster, "tensorflow", "partition: main") });
    expect((await lab.checkSite("cluster")).filter(({ ok }) => !ok)).toEqual([]);
    const training = { steps: 800, batchSize: 2, patchSize: 16, optimiser: { kind: "adam" } };
    const config = trainConfigSchema.parse({
      noise: { kind: "gaussian", sigma255: 30 },
      data: { dataset: photos },
      network: { filters: 2 },
      training: { ...training, validateEverySteps: 400, checkpointEverySteps: 20 },
    });
    const { id } = await lab.startTrainingAt("cluster", config, TINY_GENOTYPE);
    const first = await watchUntil(lab, id, ({ step }) => step > 0);
    await cluster.run("scancel", "--signal=USR1", "--batch", jobOf(first));
    await expect.poll(() => countRequeues(cluster, id), { timeout: 200_000 }).toEqual([1]);
    const second = await watchUntil(lab, id, ({ step, state }) => state === "running" && step > first.step);
    await cluster.run("scontrol", "requeue", jobOf(second));
    const whole = await lab.waitForRun((await lab.startTraining(config, TINY_GENOTYPE)).id);
    const run = await watchUntil(lab, id, isOver);
    expect(run).toMatchObject({ state: "finished", step: 800, best: whole.best });
    expect(await countRequeues(cluster, id)).toEqual([2]);
    expect(await readWeights(run.folder)).toEqual(await readWeights(whole.folder));
    expect(validationsOf(await lab.readRunEvents(id))).toEqual(validationsOf(await lab.readRunEvents(whole.id)));
  });

  it.each(["before-sbatch", "after-sbatch"] as const)("is one job though the line is lost %s", async (where) => {
    const { lab, photos } = await openAtCluster(cluster);
    await cluster.loseLine(where);
    const { id } = await lab.startSearchAt("cluster", search(photos));
    expect(await watchUntil(lab, id, isOver)).toMatchObject({ state: "finished", step: 40 });
    expect(existsSync(join(cluster.root, "faults", where))).toBe(false);
    expect(stepsOf(await lab.readRunEvents(id))).toEqual(unbroken);
    expect(await countRequeues(cluster, id)).toEqual([0]);
  });

  it("comes home whole though the line is lost while it does", async () => {
    const { lab, photos } = await openAtCluster(cluster);
    const { id } = await startWaiting(lab, photos);
    await cluster.loseLine("in-copy");
    await lab.controlRun(id, "stop");
    const run = await watchUntil(lab, id, isOver);
    expect(existsSync(join(cluster.root, "faults/in-copy"))).toBe(false);
    expect(run).toMatchObject({ state: "stopped", step: 27 });
    await lab.resumeRun(id);
    expect(await lab.waitForRun(id)).toMatchObject({ state: "finished" });
    expect(stepsOf(await lab.readRunEvents(id))).toEqual(unbroken);
  });

  it("says so where its node is drained, and goes on from its checkpoint when the node it was on is back", async () => {
    const { lab, photos } = await openAtCluster(cluster);
    const { id } = await startWaiting(lab, photos);
    await cluster.run("scontrol", "update", "nodename=node1", "state=drain", "reason=maintenance");
    // Who is at work on a drained node stays there; who comes to it waits.
    const { id: late } = await lab.startSearchAt("cluster", search(photos));
    const words = "the nodes that it needs are drained, down or reserved";
    const waiting = await watchUntil(lab, late, ({ place }) => place?.detail?.includes(words) === true);
    expect(waiting).toMatchObject({ state: "queued" });
    expect(await lab.showRun(id)).toMatchObject({ state: "running", step: 27 });
    await cluster.run("scontrol", "update", "nodename=node1", "state=down", "reason=vanished");
    const again = await watchUntil(lab, id, ({ state }) => state === "queued");
    expect(again.place?.isOver).toBe(false);
    await cluster.run("scontrol", "update", "nodename=node1", "state=resume");
    for (const each of [id, late]) {
      expect(await watchUntil(lab, each, isOver)).toMatchObject({ state: "finished", step: 40 });
      expect(stepsOf(await lab.readRunEvents(each))).toEqual(unbroken);
    }
    expect(await countRequeues(cluster, id)).toEqual([1]);
  });

  it("says what is wrong where Slurm refuses it or the host is another", async () => {
    const { lab, photos } = await openAtCluster(cluster, "partition: gpus");
    const { id } = await lab.startSearchAt("cluster", search(photos));
    const refused = await watchUntil(lab, id, isOver);
    expect(refused).toMatchObject({ state: "failed", errorKind: "site" });
    expect(refused.reason).toContain("Slurm does not know the profile's partition");
    await cluster.hangUp();
    const known = join(cluster.root, "known_hosts");
    const before = await readFile(known, "utf8");
    onTestFinished(() => writeFile(known, before));
    const other = await readFile(join(cluster.root, "user_key.pub"), "utf8");
    await writeFile(known, `${before.split(" ")[0] ?? ""} ${other}`);
    const [login, ...more] = await lab.checkSite("cluster");
    expect(more).toEqual([]);
    expect(login).toMatchObject({
      what: "ssh",
      ok: false,
      detail: expect.stringContaining("its host key is not the known one"),
    });
  });
});
