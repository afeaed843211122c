// @vitest-environment happy-dom
import { enableAutoUnmount, flushPromises } from "@vue/test-utils";
import { afterEach, describe, expect, it } from "vitest";

import type { ArchitectureDetail } from "#shared/api/architectures.ts";
import NetworkPanel from "#renderer/views/architectures/network/NetworkPanel.vue";

import { TINY_GENOTYPE } from "#tests/helpers/tinyGenotype.ts";
import { findOpened, press, showInWindow } from "#tests/renderer/window.ts";

enableAutoUnmount(afterEach);

const architecture = { hash: "c0181bc9", name: "Tiny", genotype: TINY_GENOTYPE, filters: 4 } as ArchitectureDetail;
const OP = "layer_0.op_0.conv";

async function showPanel() {
  const edits: unknown[] = [];
  const page = await showInWindow(
    NetworkPanel,
    { architecture, genotype: TINY_GENOTYPE },
    {
      editArchitecture: async (wish) => {
        edits.push(wish);
        return { ...architecture, hash: "12345678" };
      },
    },
  );
  const boxes = (mark: string) => page.shown.findAll(`g.box.${mark}`).map((each) => each.attributes("data-box"));
  return { ...page, boxes, edits };
}

describe("the drawing of a whole network", () => {
  it("says of each part what it costs, and of each box what comes out of it", async () => {
    const { shown } = await showPanel();
    // By hand: the frame holds the 1x1 of both inputs (64 to 4 channels, norms not affine in between) and one 3x3.
    const head = shown.findAll(".part-head").find((each) => each.text().startsWith("layer 0"));
    expect(head?.text()).toMatch(/[\d.]+ parameters[\d.]+ multiply-adds/);
    expect(shown.find(`[data-box="${OP}"]`).text()).toMatch(/conv 3×3.*norm.*H × W × 4/s);
  });

  it("marks what a search finds", async () => {
    const { shown, boxes } = await showPanel();
    await shown.find("input").setValue("OP_0");
    expect(boxes("found")).toEqual([OP]);
    expect(shown.find("[role=status]").text()).toBe("1 found");
  });

  it("tries another primitive on the edge that was clicked, and saves nothing until told to", async () => {
    const { shown, boxes, edits, button, router } = await showPanel();
    expect(boxes("editable")).toEqual([OP]);
    await shown.find(`[data-box="${OP}"]`).trigger("click");
    expect(boxes("chosen")).toEqual([OP]);
    press(shown.find("form button").element, "Enter");
    const option = (await findOpened("[role=option]")).find((each) => each.textContent.trim() === "dil 3×3");
    press(option, "Enter");
    await flushPromises();
    expect(boxes("fresh")).toEqual([OP]);
    expect(shown.find(`[data-box="${OP}"]`).text()).toContain("dil 2");
    expect(edits).toEqual([]);
    await button("Discard").trigger("click");
    expect([boxes("fresh"), shown.find("form").exists()]).toEqual([[], false]);

    // The skip has no box, so its line is clicked.
    const lines = shown.findAll("g.line.editable");
    await lines.at(-1)!.trigger("click");
    press(shown.find("form button").element, "Enter");
    press(
      (await findOpened("[role=option]")).find((each) => each.textContent.trim() === "conv 3×3"),
      "Enter",
    );
    await flushPromises();
    await shown.find("form").trigger("submit");
    await flushPromises();
    expect(edits).toMatchObject([
      { parent: "c0181bc9", edit: { kind: "edge", layer: 0, node: 0, edge: 1, from: "s1", primitive: "conv_3x3" } },
    ]);
    expect(router.currentRoute.value.path).toBe("/architectures/12345678");
  });

  it("cannot be changed where the network is not made of cells", async () => {
    const { change, boxes } = await showPanel();
    await change({ genotype: null });
    expect(boxes("editable")).toEqual([]);
  });
});
