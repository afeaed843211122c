// @vitest-environment happy-dom
import { enableAutoUnmount } from "@vue/test-utils";
import { afterEach, expect, it } from "vitest";

import { initArchLogits } from "#shared/space/cells/archLogits.ts";
import { viewArch } from "#shared/space/cells/archView.ts";
import { searchSpaceSchema } from "#shared/space/spaces/searchSpace.ts";
import PlacePanel from "#renderer/views/search/cockpit/PlacePanel.vue";
import { showInWindow } from "#tests/renderer/window.ts";

enableAutoUnmount(afterEach);

it("shows for each place of a U what its width levels weigh, and marks the one that would be derived", async () => {
  const space = searchSpaceSchema.parse({ kind: "scales", layers: 3, nodes: 1, widthFactors: [1, 2] });
  const arch = { ...initArchLogits(space), beta: [[0, Math.log(3)], [0, 0], [Math.log(4), 0]] }; // prettier-ignore
  const view = viewArch({ time: "2026-11-25T00:00:00.000Z", step: 1, epoch: 7, arch }, space);
  const { shown } = await showInWindow(PlacePanel, { view, widthFactors: space.widthFactors });
  expect(shown.find("table").attributes("aria-label")).toContain("7");
  const rows = shown.findAll("tbody tr").map((row) => row.findAll("th, td").map((cell) => cell.text()));
  expect(rows.map(([name]) => name)).toEqual(["place 0 (down, 1)", "place 1 (bottom, 1/2)", "place 2 (up, 1)"]);
  expect(rows.map(([, ...weights]) => weights.map((text) => text.slice(0, 5)))).toEqual([
    ["0.250", "0.750"],
    ["0.500", "0.500"],
    ["0.800", "0.200"],
  ]);
  const marked = shown.findAll("td.chosen").map((cell) => cell.text().slice(0, 5));
  expect(marked).toEqual(["0.750", "0.500", "0.800"]);
  expect(shown.find("svg[role=img]").attributes("aria-label")).toContain("×2, ×1, ×1");
});
