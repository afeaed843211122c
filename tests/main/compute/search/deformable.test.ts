import { afterAll, describe, expect, it } from "vitest";

import { runSearch } from "#main/compute/search/searchLoop.ts";
import { readNetwork } from "#main/compute/network/networkFile.ts";
import { runTraining } from "#main/compute/train/trainLoop.ts";
import { trainConfigSchema } from "#shared/runs/config.ts";

import { makeContext, makeRunFolder } from "#tests/main/compute/job/jobs.ts";
import { DEFORMABLE_PLAN } from "#tests/main/compute/network/tinyNetwork.ts";

import { TOTAL, configOf } from "./tinySearch.ts";

describe("deformable convolutions", () => {
  it("are searched among other primitives, and their op weights move", async () => {
    const context = await makeContext();
    const folder = await makeRunFolder(afterAll);
    const primitives = ["conv_3x3", "def_conv_3x3", "skip_connect"];
    const config = configOf({ arch: { learningRate: 0.05 } }, { primitives, filters: 3 });
    expect(await runSearch(context, { config, folder, resume: false })).toMatchObject({
      kind: "finished",
      step: TOTAL,
    });
    const last = context.events.findLast((event) => event.type === "arch");
    expect(last?.type === "arch" && new Set(last.arch.alpha.flat().map((row) => row[1])).size).toBeGreaterThan(1);
  });

  it("are trained", async () => {
    const context = await makeContext();
    const folder = await makeRunFolder(afterAll);
    const { genotype } = DEFORMABLE_PLAN;
    const config = trainConfigSchema.parse({
      noise: { kind: "gaussian", sigma255: 30 },
      network: { filters: 2, offsetLimitPx: 3 },
      training: { steps: 6, batchSize: 2, patchSize: 16, validateEverySteps: 6, optimiser: { kind: "adam" } },
    });
    const outcome = await runTraining(context, { config, genotype, folder, resume: false });
    expect(outcome).toMatchObject({ kind: "finished", step: 6 });
    const { parameters, plan } = await readNetwork(`${folder}/checkpoints/best.safetensors`);
    expect(plan.offsetLimitPx).toBe(3);
    expect(parameters.every(Number.isFinite)).toBe(true);
    const losses = context.events.flatMap((event) => (event.type === "step" ? [event.loss] : []));
    expect(losses.every(Number.isFinite)).toBe(true);
  });
});
