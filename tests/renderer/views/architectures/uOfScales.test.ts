// @vitest-environment happy-dom
import { enableAutoUnmount } from "@vue/test-utils";
import { afterEach, describe, expect, it } from "vitest";

import type { ArchLogits } from "#shared/space/cells/archLogits.ts";
import { initArchLogits } from "#shared/space/cells/archLogits.ts";
import { deriveGenotype } from "#shared/space/cells/derive.ts";
import { explainDerivation } from "#shared/space/cells/explain.ts";
import { searchSpaceSchema } from "#shared/space/spaces/searchSpace.ts";
import ArchitectureCard from "#renderer/views/architectures/ArchitectureCard.vue";
import DerivationLayer from "#renderer/views/architectures/DerivationLayer.vue";
import { showInWindow } from "#tests/renderer/window.ts";

enableAutoUnmount(afterEach);

const space = searchSpaceSchema.parse({ kind: "scales", layers: 3, nodes: 1, widthFactors: [1, 2] });
const logits: ArchLogits = { ...initArchLogits(space), beta: [[0, Math.log(3)], [0, 0], [Math.log(4), 0]] }; // prettier-ignore

describe("a U in the library", () => {
  it("says on its card how many scales it has, and where each cell works", async () => {
    const architecture = {
      ...{ hash: "aaaaaaaa", name: "Night", genotype: deriveGenotype(logits, [1, 2], "scales") },
      ...{ origin: { kind: "imported", source: "u.json" }, addedAt: "2026-11-20T10:00:00.000Z" },
      ...{
        filters: 20,
        parameters: 1000,
        multiplyAddsPerPixel: 900,
        memoryBytesPerPixel: 200,
        receptiveFieldPx: 21,
        trainings: [],
      },
    };
    const { shown } = await showInWindow(ArchitectureCard, { architecture, now: new Date(), chosen: false });
    expect(shown.find("footer").text()).toContain("U of 2 scales");
    expect(shown.findAll("figcaption").map((caption) => caption.text())).toEqual([
      "place 0 (down, 1), ×2",
      "place 1 (bottom, 1/2), ×1",
      "place 2 (up, 1), ×1",
    ]);
  });

  it("says why a place has its width by weights alone", async () => {
    const { kind, layers, widthFactors } = explainDerivation(logits, [1, 2], "scales");
    const given = { explanation: layers[1], kind, layers: layers.length, widthFactors };
    const { shown } = await showInWindow(DerivationLayer, given);
    expect(shown.find("h3").text()).toBe("Width at place 1 (bottom, 1/2)");
    const lines = shown.findAll(".lines li").map((line) => line.text());
    expect(lines).toEqual(["takes width ×1: weighs 0.5000", "leaves width ×2: weighs 0.5000"]);
  });
});
