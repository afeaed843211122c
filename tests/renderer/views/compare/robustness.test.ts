// @vitest-environment happy-dom
import { enableAutoUnmount, flushPromises } from "@vue/test-utils";
import { afterEach, describe, expect, it } from "vitest";
import { ref } from "vue";

import type { LabClient } from "#shared/api/contract.ts";
import type { Recipe } from "#shared/runs/evaluation.ts";
import { ROBUSTNESS_SIGMAS } from "#shared/runs/robustness.ts";
import { listConfigs } from "#renderer/views/compare/useRobustnessJob.ts";
import { useTestParts } from "#renderer/views/compare/useTestParts.ts";
import { showInWindow } from "#tests/renderer/window.ts";

import { buildEvaluation, buildModel } from "./compared.ts";

enableAutoUnmount(afterEach);

type Split = Awaited<ReturnType<LabClient["readRunSplit"]>>;

describe("the curve over noise on test parts", () => {
  it("is offered for the networks whose trainings kept photos, with how many", async () => {
    const splits: Readonly<Record<string, unknown>> = { A: { parts: { test: ["a.png", "b.png"] } }, B: { parts: {} } };
    const used: ReturnType<typeof useTestParts>[] = [];
    const models = ref([buildModel("A"), buildModel("B"), buildModel("C")]);
    await showInWindow(
      { render: () => null, setup: () => (used.push(useTestParts(models)), {}) },
      {},
      { readRunSplit: async (run) => (splits[run] ?? null) as Split },
    );
    await flushPromises();
    expect([...(used[0]?.value ?? [])]).toEqual([["A", 2]]);
  });

  it("is measured at the levels that are missing there, whatever was measured on the whole set", () => {
    const recipe: Recipe = { name: "", noise: "gaussian-25", noiseSeed: 0, clipped: true, channels: "grey" };
    const ofPart = { ...recipe, part: { name: "test", sha256: "abcd" } as const };
    const whole = buildEvaluation("A", 30, { dataset: "mine", photos: 12, recipe });
    const part = buildEvaluation("A", 31, { dataset: "mine", photos: 2, recipe: ofPart });
    const wish = { dataset: null, maxPhotos: null, pairs: null, photos: 2 };
    const list = (evaluations: Parameters<typeof listConfigs>[0], photos = 2) =>
      listConfigs(evaluations, buildModel("A", { dataset: "mine" }), { ...wish, photos }, false);
    expect(list([whole])).toHaveLength(ROBUSTNESS_SIGMAS.length);
    const configs = list([whole, part]);
    expect(configs.map(({ noise }) => noise)).not.toContainEqual(expect.objectContaining({ sigma255: 25 }));
    expect(configs).toHaveLength(ROBUSTNESS_SIGMAS.length - 1);
    expect(configs[0]?.data).toMatchObject({ dataset: "mine", part: "test" });
    expect(list([], 0)).toEqual([]);
  });
});
