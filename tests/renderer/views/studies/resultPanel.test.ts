// @vitest-environment happy-dom
import { enableAutoUnmount } from "@vue/test-utils";
import { afterEach, expect, it } from "vitest";

import type { ArmResult, StudyResults } from "#shared/studies/studyResults.ts";
import ResultPanel from "#renderer/views/studies/ResultPanel.vue";
import { showInWindow } from "#tests/renderer/window.ts";

enableAutoUnmount(afterEach);

function buildArm(arm: string, mean: number | null): ArmResult {
  const psnrDb = mean === null ? null : { mean, low: mean - 1, high: mean + 1, deviation: 0.1 };
  const costs = { searchCoreHours: 1, trainingCoreHours: 2, nodeHours: 3 };
  return { arm, controlOf: null, seeds: 3, cells: 3, psnrDb, parameters: 10, multiplyAddsPerPixel: 20, ...costs };
}

it("orders the arms of a study by the heading that is clicked, those without a figure last", async () => {
  const results = {
    arms: [buildArm("gradient", 26), buildArm("random", 27.5), buildArm("failed", null)],
    comparisons: [],
    coreHours: { runs: 1, tuning: null },
    measuredBy: "training",
  } as unknown as StudyResults;
  const { shown, button } = await showInWindow(ResultPanel, { results });
  const arms = () => shown.findAll("tbody tr").map((row) => row.find("td").text());
  expect(arms()).toEqual(["gradient", "random", "failed"]);
  await button("PSNR in dB").trigger("click");
  expect(arms()).toEqual(["random", "gradient", "failed"]);
  await button("PSNR in dB").trigger("click");
  expect(arms()).toEqual(["gradient", "random", "failed"]);
});
