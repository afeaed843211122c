// @vitest-environment happy-dom
import { enableAutoUnmount } from "@vue/test-utils";
import { afterEach, expect, it } from "vitest";

import type { Candidate } from "#shared/api/runs.ts";
import CandidateTable from "#renderer/views/search/cockpit/CandidateTable.vue";
import { showInWindow } from "#tests/renderer/window.ts";

enableAutoUnmount(afterEach);

/** The better the later. */
function buildCandidate(step: number): Candidate {
  return {
    step,
    genotypeHash: "0badf00d",
    score: 0.5 + step / 1000,
    parameters: 1_234,
    multiplyAddsPerPixel: 1_200.5,
    fidelity: 0.25,
    strategy: "random",
  };
}

it("lists what each candidate scored and costs, and is ordered by any of it", async () => {
  const candidates = [
    { ...buildCandidate(10), psnrDb: 28.5, memoryBytesPerPixel: 312 },
    { ...buildCandidate(20), psnrDb: 29.25, memoryBytesPerPixel: 400 },
    buildCandidate(30),
  ];
  const { shown, button } = await showInWindow(CandidateTable, { candidates });
  const cellsOf = () => shown.findAll("tbody tr").map((row) => row.findAll("td").map((cell) => cell.text()));
  expect(cellsOf()[0]).toEqual(["1", "0badf00d", "0.5100", "28.50 dB", "25 %", "1.23 k", "1.2 k", "312 MB/MP"]);
  expect(cellsOf()[2]?.slice(3)).toEqual(["–", "25 %", "1.23 k", "1.2 k", "–"]);
  const numbers = () => cellsOf().map(([number]) => number);
  await button("Validation PSNR").trigger("click");
  expect(numbers()).toEqual(["2", "1", "3"]);
  await button("Validation PSNR").trigger("click");
  expect(numbers()).toEqual(["1", "2", "3"]);
  await button("Memory to denoise").trigger("click");
  expect(numbers()).toEqual(["2", "1", "3"]);
});
