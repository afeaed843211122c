// @vitest-environment happy-dom
import { enableAutoUnmount, flushPromises } from "@vue/test-utils";
import { afterEach, describe, expect, it } from "vitest";

import type { Architecture, ArchitectureDetail } from "#shared/api/architectures.ts";
import type { LabClient } from "#shared/api/contract.ts";
import type { Genotype } from "#shared/space/cells/genotype.ts";
import EditPanel from "#renderer/views/architectures/EditPanel.vue";
import { findOpened, press, showInWindow } from "#tests/renderer/window.ts";

enableAutoUnmount(afterEach);

type Wish = Parameters<LabClient["editArchitecture"]>[0];

const cell = {
  nodes: [
    [
      { from: "s0", primitive: "conv_3x3" },
      { from: "s1", primitive: "skip_connect" },
    ],
    [
      { from: "s0", primitive: "conv_3x3" },
      { from: "node_0", primitive: "skip_connect" },
    ],
  ],
} as const;

const genotype: Genotype = {
  schema: "hinas.genotype",
  version: 1,
  widthFactors: [1, 1.5, 2],
  widthPath: [0, 1],
  cells: [cell, cell],
};

const architecture: ArchitectureDetail = {
  hash: "aaaaaaaa",
  name: "First",
  genotype,
  origin: { kind: "imported", source: "paper.json" },
  addedAt: "2026-11-20T10:00:00.000Z",
  filters: 20,
  parameters: 1000,
  multiplyAddsPerPixel: 900,
  memoryBytesPerPixel: 200,
  receptiveFieldPx: 21,
  trainings: [],
  parts: [],
  derivation: null,
  ancestors: [],
  children: [],
};

async function showPanel() {
  const asked: Wish[] = [];
  const panel = await showInWindow(
    EditPanel,
    { layer: 0, architecture, genotype },
    {
      editArchitecture: async (wish) => {
        asked.push(wish);
        return { hash: "bbbbbbbb" } as Architecture;
      },
    },
  );
  const choose = async (label: string, option: string) => {
    press(panel.input(label).element, "Enter");
    const items = await findOpened("[role=option]");
    press(
      items.find((item) => item.textContent.trim() === option),
      "Enter",
    );
    await flushPromises();
  };
  const status = () => panel.shown.find("[role=status]").text();
  const save = () => panel.button("Save as a child");
  return { ...panel, asked, choose, status, save };
}

describe("the panel that changes an architecture", () => {
  it("begins at what is there, and saves nothing until something is changed", async () => {
    const { input, status, save } = await showPanel();
    expect([input("Reads").text(), input("Primitive").text()]).toEqual(["s0", "conv 3×3"]);
    expect(status()).toBe("Choose something else than what is there.");
    expect(save().attributes("disabled")).toBeDefined();
  });

  it("says what a change costs before it is saved, then saves it under its own words and leads to the child", async () => {
    const { choose, status, save, shown, asked, router } = await showPanel();
    await choose("Primitive", "skip");
    expect(status()).toMatch(/−.*px/s);
    expect(save().attributes("disabled")).toBeUndefined();
    await shown.find("form").trigger("submit");
    await flushPromises();
    expect(asked).toMatchObject([
      {
        parent: "aaaaaaaa",
        edit: { kind: "edge", layer: 0, node: 0, edge: 0, from: "s0", primitive: "skip_connect" },
        name: expect.stringContaining("skip"),
      },
    ]);
    expect(router.currentRoute.value.path).toBe("/architectures/bbbbbbbb");
  });

  it("refuses what the rules forbid with the reason, and cannot be saved then", async () => {
    const { choose, status, save } = await showPanel();
    await choose("Reads", "s1");
    expect(status()).toContain("twice");
    expect(save().attributes("disabled")).toBeDefined();
  });

  it("shows the fields of what is to be changed only", async () => {
    const { shown, button } = await showPanel();
    const labels = () => shown.findAll("label").map((each) => each.text());
    expect(labels()).toEqual(["Layer", "Node", "Edge", "Reads", "Primitive", "Name of the child"]);
    await button("A layer’s width").trigger("click");
    expect(labels()).toEqual(["Layer", "Width", "Name of the child"]);
  });

  it("gives the child the name that is typed", async () => {
    const { choose, input, shown, asked } = await showPanel();
    await choose("Primitive", "skip");
    await input("Name of the child").setValue("  Lighter ");
    await shown.find("form").trigger("submit");
    await flushPromises();
    expect(asked[0]?.name).toBe("Lighter");
  });
});
