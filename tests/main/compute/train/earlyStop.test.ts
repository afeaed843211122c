import { describe, expect, it } from "vitest";

import { reasonToEnd } from "#main/compute/train/earlyStop.ts";
import { runTraining } from "#main/compute/train/trainLoop.ts";
import { storedTrainConfigSchema } from "#shared/runs/config.ts";
import { type EarlyStop, earlyStopSchema } from "#shared/runs/earlyStopSchema.ts";

import { makeContext, makeRunFolder, readAll } from "#tests/main/compute/job/jobs.ts";

import { configOf, genotype } from "./tinyTraining.ts";

/** The validation after which a training ends, counted from 1; null where it never does. */
function endsAt(settings: Partial<EarlyStop>, psnrsDb: readonly number[]): number | null {
  const earlyStop = earlyStopSchema.parse(settings);
  const index = psnrsDb.findIndex((_, end) => reasonToEnd(earlyStop, psnrsDb.slice(0, end + 1)) !== null);
  return index === -1 ? null : index + 1;
}

describe("the early stop of a training", () => {
  it("is off by itself, also in stored runs that do not know it", () => {
    expect(endsAt({ kind: "none" }, [30, 20, 10])).toBeNull();
    expect(storedTrainConfigSchema.parse({ training: { steps: 5 } }).training.earlyStop).toEqual({ kind: "none" });
  });

  it("comes after so many validations in a row without a gain, which begin anew with each gain", () => {
    const rule = { kind: "validation", patienceValidations: 2, minGainDb: 0.1 } as const;
    expect(endsAt(rule, [30, 30.05, 30.2, 30.1, 30.25])).toBe(5);
    expect(endsAt(rule, [30, 30.05, 30.2, 30.1, 30.35])).toBeNull();
  });

  it("compares with the last gain, so that many small ones are a gain together", () => {
    const rule = { kind: "validation", patienceValidations: 3, minGainDb: 0.1 } as const;
    expect(endsAt(rule, [30, 30.06, 30.12, 30.18, 30.24])).toBeNull();
  });

  it("takes with 0 dB any gain, and a tie for none", () => {
    const rule = { kind: "validation", patienceValidations: 1, minGainDb: 0 } as const;
    expect(endsAt(rule, [30, 30.0001, 30.0001])).toBe(3);
  });

  it("says what it missed, with its unit", () => {
    const earlyStop = earlyStopSchema.parse({ kind: "validation", patienceValidations: 2 });
    expect(reasonToEnd(earlyStop, [30, 30, 30])).toBe("no gain of 0.01 dB in 2 validations");
  });
});

describe("a training with an early stop", () => {
  /** No validation gains 50 dB, so that it ends two validations after the first. */
  const earlyStop = { kind: "validation", patienceValidations: 2, minGainDb: 50 };
  const config = configOf({ earlyStop, validateEverySteps: 2, checkpointEverySteps: 1, keepPeriodic: 0 });
  const reason = "stopped early at step 6: no gain of 50 dB in 2 validations";

  it("finishes with its best network, saved as it ends, and says why", async () => {
    const folder = await makeRunFolder();
    const context = await makeContext();
    const sparse = configOf({ earlyStop, validateEverySteps: 2, checkpointEverySteps: 100 });
    const outcome = await runTraining(context, { config: sparse, genotype, folder, resume: false });
    expect(outcome).toMatchObject({ kind: "finished", step: 6, reason });
    const best = context.events.findLast((event) => event.type === "validation" && event.isBest);
    expect(outcome).toMatchObject({ best: { step: best?.type === "validation" ? best.step : null } });
    expect((await readAll(folder)).metadata).toMatchObject({ step: "6" });
    expect(await runTraining(await makeContext(), { config: sparse, genotype, folder, resume: true })).toEqual(outcome);
  });

  it.each([1, 3, 4, 5])("ends where an unbroken one does after a stop at step %d", async (step) => {
    const [whole, broken] = [await makeRunFolder(), await makeRunFolder()];
    const outcome = await runTraining(await makeContext(), { config, genotype, folder: whole, resume: false });
    const first = await makeContext((event, control) => {
      if (event.type === "checkpoint" && event.kind === "last" && event.step === step) control.set("stop");
    });
    await runTraining(first, { config, genotype, folder: broken, resume: false });
    const second = await makeContext();
    expect(await runTraining(second, { config, genotype, folder: broken, resume: true })).toEqual(outcome);
    expect(outcome).toMatchObject({ step: 6, reason });
    expect(await readAll(broken)).toEqual(await readAll(whole));
  });

  it("says nothing where the last step comes first", async () => {
    const request = { config: { ...config, training: { ...config.training, steps: 6 } }, genotype };
    const outcome = await runTraining(await makeContext(), {
      ...request,
      folder: await makeRunFolder(),
      resume: false,
    });
    expect(outcome).toMatchObject({ kind: "finished", step: 6 });
    expect(outcome).not.toHaveProperty("reason");
  });
});
