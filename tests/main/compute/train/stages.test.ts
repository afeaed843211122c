import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { runTraining } from "#main/compute/train/trainLoop.ts";
import { graphParameters } from "#shared/space/graph/graphParameters.ts";
import { buildNetworkGraph } from "#shared/space/spaces/spaces.ts";

import { largestPadding } from "#tests/helpers/parameterParts.ts";
import { makeContext, makeRunFolder, readAll } from "#tests/main/compute/job/jobs.ts";
import { SMALL_PLAN } from "#tests/main/compute/network/tinyNetwork.ts";

import { STAGED, configOf, genotype, runBroken } from "./tinyTraining.ts";

describe("a training in stages that freezes its norms", () => {
  let last: Awaited<ReturnType<typeof readAll>>;
  let epochs: readonly (readonly [number, number])[];

  beforeAll(async () => {
    const [context, folder] = [await makeContext(), await makeRunFolder(afterAll)];
    await runTraining(context, { config: configOf(STAGED), genotype, folder, resume: false });
    last = await readAll(folder);
    epochs = context.events.flatMap((event) => (event.type === "validation" ? [[event.step, event.epoch]] : []));
  });

  it.each([4, 5, 6, 7, 8])("gives, stopped after step %d, the numbers of an unbroken one", async (step) => {
    const folder = await makeRunFolder();
    await runBroken(configOf({ ...STAGED, checkpointEverySteps: 1, keepPeriodic: 0 }), folder, step);
    expect(await readAll(folder)).toEqual(last);
  });

  it("goes on exactly in a network without norms, which has no statistics to average or freeze", async () => {
    const config = { ...configOf(STAGED), network: { ...configOf().network, normalisation: "none" as const } };
    const [whole, folder] = [await makeRunFolder(), await makeRunFolder()];
    await runTraining(await makeContext(), { config, genotype, folder: whole, resume: false });
    await runBroken({ ...config, training: { ...config.training, checkpointEverySteps: 1 } }, folder, 6);
    expect(await readAll(folder)).toEqual(await readAll(whole));
  });

  it("counts passes over the photos by the batches of each stage", () => {
    // Four photos are two batches of three, and two of two.
    expect(epochs).toEqual([
      [4, 2],
      [8, 4],
      [9, 4.5],
    ]);
  });

  it("refuses photos that are too small for a later stage before it takes a step", async () => {
    const [first] = STAGED.stages;
    const config = configOf({ stages: [first, { share: 0.5, batchSize: 2, patchSize: 26 }] });
    const request = { config, genotype, folder: await makeRunFolder(), resume: false };
    await expect(runTraining(await makeContext(), request)).rejects.toMatchObject({ kind: "bad_data" });
  });

  it("leaves padding zero", () => {
    const specs = graphParameters(buildNetworkGraph(SMALL_PLAN));
    for (const name of ["average", "parameters"]) {
      expect(largestPadding(specs, [...(last.tensors.get(name)?.data ?? [])])).toBe(0);
    }
  });
});
