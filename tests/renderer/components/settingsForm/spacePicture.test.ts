// @vitest-environment happy-dom
import { enableAutoUnmount } from "@vue/test-utils";
import { afterEach, describe, expect, it } from "vitest";
import { nextTick, reactive } from "vue";

import { searchSpaceSchema } from "#shared/space/spaces/searchSpace.ts";
import {
  listStrands,
  listWays,
  readPicturedSpace,
  stepSpace,
  togglePrimitive,
} from "#renderer/components/settingsForm/space/picturedSpace.ts";
import SpacePicture from "#renderer/components/settingsForm/space/SpacePicture.vue";
import { nameOf, showInWindow } from "#tests/renderer/window.ts";

enableAutoUnmount(afterEach);

const space = searchSpaceSchema.parse({
  layers: 2,
  nodes: 1,
  widthFactors: [1, 1.5],
  primitives: ["conv_3x3", "skip_connect", "none"],
});

describe("a search space as a picture", () => {
  it("has a strand for every candidate operation on every edge", () => {
    expect(listStrands(space).map(({ id }) => id)).toEqual([
      ...["s1 node_0 conv_3x3", "s1 node_0 skip_connect", "s1 node_0 none"],
      ...["s0 node_0 conv_3x3", "s0 node_0 skip_connect", "s0 node_0 none"],
    ]);
  });

  it("has the moves of every router as ways, and on a U all widths at every place", () => {
    const { stops, links } = listWays(space);
    expect(stops).toHaveLength(1 + 2 + 2);
    expect(links.map(([from, to]) => `${from.level}-${to.level}`)).toEqual(["0-0", "0-1", "0-0", "0-1", "1-0", "1-1"]);
    expect(listWays({ ...space, kind: "scales", layers: 3 }).links).toHaveLength(2 + 4 + 4);
  });

  it("goes on by steps that the settings accept", () => {
    expect(stepSpace(space, "nodes", 1)?.nodes).toBe(2);
    expect(stepSpace(space, "nodes", -1)).toBeNull();
    expect(stepSpace(space, "widthFactors", 1)?.widthFactors).toEqual([1, 1.5, 2]);
    expect(stepSpace(space, "widthFactors", -1)?.widthFactors).toEqual([1]);
    expect(stepSpace({ ...space, widthFactors: [1] }, "widthFactors", 1)?.widthFactors).toEqual([1, 1.5]);
    expect(stepSpace({ ...space, kind: "resolutions", widthFactors: [1, 2] }, "widthFactors", 1)?.widthFactors).toEqual(
      [1, 2, 4],
    );
    expect(stepSpace({ ...space, kind: "scales", layers: 3 }, "layers", 1)?.layers).toBe(5);
  });

  it("keeps the order of the primitives, and one besides none", () => {
    expect(togglePrimitive(space, "sep_conv_3x3")?.primitives).toEqual([
      ...["conv_3x3", "sep_conv_3x3", "skip_connect", "none"],
    ]);
    expect(togglePrimitive({ ...space, primitives: ["conv_3x3", "none"] }, "conv_3x3")).toBeNull();
  });

  it("is none while a value is none", () => {
    const values: Record<string, unknown> = { "space.kind": "widths", "space.nodes": "four" };
    expect(readPicturedSpace((path) => values[path])).toBeNull();
  });
});

describe("the picture in the form", () => {
  async function showPicture() {
    const values = reactive<Record<string, unknown>>({
      "space.kind": "widths",
      "space.layers": 2,
      "space.nodes": 1,
      "space.widthFactors": [1, 1.5],
      "space.primitives": ["conv_3x3", "none"],
    });
    const set = (path: string, value: unknown) => (values[path] = value);
    const page = await showInWindow(SpacePicture, { draft: { set, valueAt: (path: string) => values[path] } });
    const labels = () => page.shown.findAll("svg[role=img]").map((svg) => svg.attributes("aria-label"));
    return { ...page, values, labels };
  }

  it("changes the form's values by buttons with names", async () => {
    const { values, button } = await showPicture();
    await button("More nodes").trigger("click");
    await button("More layers").trigger("click");
    await button("Fewer widths").trigger("click");
    await button("skip").trigger("click");
    expect(values).toMatchObject({
      "space.nodes": 2,
      "space.layers": 3,
      "space.widthFactors": [1],
      "space.primitives": ["conv_3x3", "skip_connect", "none"],
    });
    expect(button("Fewer widths").attributes("disabled")).toBeDefined();
  });

  it("follows the form's values, and stays while something is typed that is none", async () => {
    const { values, labels } = await showPicture();
    const before = "Cell of 1 node; on each of its 2 edges compete conv 3×3, none";
    expect(labels()).toEqual([before, "Widths ×1, ×1.5 over 2 layers"]);
    values["space.nodes"] = "";
    await nextTick();
    expect(labels()[0]).toBe(before);
    values["space.nodes"] = 3;
    await nextTick();
    expect(labels()[0]).toBe("Cell of 3 nodes; on each of its 9 edges compete conv 3×3, none");
  });

  it("says which operations are there", async () => {
    const { shown } = await showPicture();
    const pressed = shown.findAll("button[aria-pressed=true]").map(({ element }) => nameOf(element));
    expect(pressed).toEqual(["conv 3×3", "none"]);
  });
});
