// @vitest-environment happy-dom
import { enableAutoUnmount, flushPromises } from "@vue/test-utils";
import { afterEach, expect, it } from "vitest";

import { parseAnyGenotype } from "#shared/space/spaces/spaces.ts";
import DeriveDialog from "#renderer/views/search/cockpit/DeriveDialog.vue";
import { findOpened, nameOf, showInWindow } from "#tests/renderer/window.ts";

enableAutoUnmount(afterEach);

const derived = {
  genotype: parseAnyGenotype(
    {
      schema: "hinas.genotype",
      version: 1,
      widthFactors: [1],
      widthPath: [0],
      cells: [
        {
          nodes: [
            [
              { from: "s1", primitive: "conv_3x3" },
              { from: "s0", primitive: "skip_connect" },
            ],
          ],
        },
      ],
    },
    "test",
  ),
  hash: "1a2b3c4d",
  epoch: 7,
  explanation: ["layer 0: conv_3x3 wins"],
  costs: {
    filters: 20,
    parameters: 12_300,
    multiplyAddsPerPixel: 11_000,
    memoryBytesPerPixel: 312,
    receptiveFieldPx: 21,
  },
  searchScore: { score: 1.1437, psnrDb: 28.53 },
  genotypeFile: "",
  drawingFile: "",
};

it.each([
  ["Train this", "/train/new?architecture=1a2b3c4d&search=01SEARCH"],
  ["Open the architecture", "/architectures/1a2b3c4d"],
])("leads on from what was derived: %s", async (name, path) => {
  const { router } = await showInWindow(DeriveDialog, { open: true, derived, search: "01SEARCH" });
  const buttons = await findOpened("[role=dialog] button");
  buttons.find((button) => nameOf(button) === name)?.click();
  await flushPromises();
  await router.isReady();
  expect(router.currentRoute.value.fullPath).toBe(path);
});

it("shows what the search thought of it beside what it costs, memory too", async () => {
  await showInWindow(DeriveDialog, { open: true, derived, search: "01SEARCH" });
  const facts = (await findOpened("[role=dialog] dl > div")).map((each) => each.textContent.trim());
  expect(facts).toEqual([
    "Search score1.1437",
    "Validation PSNR28.53 dB",
    "Parameters12.3 k",
    "Multiply-adds per pixel11 k",
    "Memory to denoise312 MB/MP",
    "Filters20",
  ]);
});

it("leaves out what no validation told", async () => {
  await showInWindow(DeriveDialog, { open: true, derived: { ...derived, searchScore: null }, search: "01SEARCH" });
  const facts = (await findOpened("[role=dialog] dl > div")).map((each) => each.textContent.trim());
  expect(facts[0]).toBe("Parameters12.3 k");
});

it("offers the drawing as SVG", async () => {
  await showInWindow(DeriveDialog, { open: true, derived, search: "01SEARCH" });
  expect((await findOpened("[role=dialog] button")).map(nameOf)).toContain("Save as SVG");
});
