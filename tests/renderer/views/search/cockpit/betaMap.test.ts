// @vitest-environment happy-dom
import { enableAutoUnmount } from "@vue/test-utils";
import { afterEach, describe, expect, it } from "vitest";

import { initArchLogits } from "#shared/space/cells/archLogits.ts";
import { viewArch } from "#shared/space/cells/archView.ts";
import { type SearchSpace, searchSpaceSchema } from "#shared/space/spaces/searchSpace.ts";
import { texts } from "#renderer/texts/texts.ts";
import BetaMap from "#renderer/views/search/cockpit/BetaMap.vue";
import { toBetaRows } from "#renderer/views/search/cockpit/betaTiles.ts";
import { showInWindow } from "#tests/renderer/window.ts";

enableAutoUnmount(afterEach);

function viewsOf(space: SearchSpace, betas: readonly (readonly (readonly number[])[])[]) {
  return betas.map((beta, index) => {
    const arch = { ...initArchLogits(space), beta };
    return viewArch({ arch, epoch: index + 1, step: index, time: new Date(index).toISOString() }, space);
  });
}

describe("beta as a heat map", () => {
  const two = searchSpaceSchema.parse({ layers: 1, nodes: 1, widthFactors: [1, 2] });
  const views = viewsOf(two, [[[-50, 1, 1]], [[-50, 1, 1 + Math.log(3)]]]);

  it("has a row for each move that can be made, from equal shares to all", () => {
    const rows = toBetaRows(views, two);
    expect(rows.map(({ label }) => label)).toEqual(["from ×1 into layer 0: same", "from ×1 into layer 0: wider"]);
    const close = (row: number[]) => row.map((value) => expect.closeTo(value, 12) as number);
    expect(rows.map(({ values }) => values)).toEqual([close([0.5, 0.25]), close([0.5, 0.75])]);
    expect(rows.map(({ range }) => range)).toEqual([[0.5, 1], [0.5, 1]]); // prettier-ignore
  });

  it("has on a U a row for each width level of each place, from its share of them", () => {
    const space = searchSpaceSchema.parse({ kind: "scales", layers: 3, nodes: 1, widthFactors: [1, 2, 3] });
    const rows = toBetaRows(viewsOf(space, [[[0, 0, 0], [0, 0, 0], [0, 0, 0]]]), space); // prettier-ignore
    expect(rows).toHaveLength(9);
    expect(rows[1]).toMatchObject({ label: "place 0 (down, 1): width ×2", range: [1 / 3, 1] });
  });

  it("names every epoch, and is read aloud as a table", async () => {
    const { shown, button } = await showInWindow(BetaMap, { views, index: 0, space: two });
    expect(shown.findAll(".moment").map((each) => each.text())).toEqual(["1", "2"]);
    await button(texts.charts.asTable).trigger("click");
    expect(shown.findAll("tbody tr").map((row) => row.text())).toEqual([
      "from ×1 into layer 0: same0.50000.2500",
      "from ×1 into layer 0: wider0.50000.7500",
    ]);
  });
});
