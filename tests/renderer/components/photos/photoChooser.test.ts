// @vitest-environment happy-dom
import { enableAutoUnmount, flushPromises } from "@vue/test-utils";
import { afterEach, beforeAll, describe, expect, it } from "vitest";

import type { LabClient } from "#shared/api/contract.ts";
import type { PhotoFacts } from "#shared/api/datasets.ts";
import { LabError } from "#shared/labError.ts";
import PhotoChooser from "#renderer/components/photos/PhotoChooser.vue";
import { giveElementsSize, showInWindow } from "#tests/renderer/window.ts";

enableAutoUnmount(afterEach);
beforeAll(() => giveElementsSize(448, 448));

type Page = Awaited<ReturnType<LabClient["listDatasetPhotos"]>>;

const photosOf = (count: number): PhotoFacts[] =>
  Array.from({ length: count }, (_, index) => ({ name: `${index}.png`, width: 64, height: 48 }) as PhotoFacts);

async function showChooser(count: number, modelValue: readonly string[] = [], isSingle = false) {
  const asked: number[] = [];
  const all = photosOf(count);
  const chooser = await showInWindow(
    PhotoChooser,
    { modelValue, dataset: "leaves", isSingle },
    {
      listDatasetPhotos: async ({ offset, limit }): Promise<Page> => {
        asked.push(offset);
        return { total: count, split: null, photos: all.slice(offset, offset + limit) };
      },
    },
  );
  await flushPromises();
  await flushPromises();
  return { ...chooser, asked, tiles: () => chooser.shown.findAll("button.tile") };
}

describe("the chooser of photos", () => {
  it("shows the photos that are in sight, and asks for no more than their page", async () => {
    const { tiles, asked } = await showChooser(1000);
    expect(tiles().length).toBeGreaterThan(4);
    expect(tiles().length).toBeLessThan(60);
    expect(tiles()[0]!.find("img").attributes("alt")).toBe("0.png");
    expect(asked).toEqual([0]);
  });

  it("adds a photo that is clicked, and takes away one that was chosen", async () => {
    const { tiles, shown, change } = await showChooser(3, ["1.png"]);
    expect(tiles().map((tile) => tile.attributes("aria-pressed"))).toEqual(["false", "true", "false"]);
    await tiles()[0]!.trigger("click");
    await change({ modelValue: ["1.png", "0.png"] });
    await tiles()[1]!.trigger("click");
    expect(shown.emitted("update:modelValue")).toEqual([[["1.png", "0.png"]], [["0.png"]]]);
  });

  it("takes one photo in the place of another where only one is wanted, and by a double click at once", async () => {
    const { tiles, shown } = await showChooser(3, ["1.png"], true);
    await tiles()[2]!.trigger("click");
    await tiles()[2]!.trigger("dblclick");
    expect(shown.emitted("update:modelValue")).toEqual([[["2.png"]]]);
    expect(shown.emitted("take")).toHaveLength(1);
  });

  it("says that a data set has no photos", async () => {
    const { tiles, shown } = await showChooser(0);
    expect(tiles()).toEqual([]);
    expect(shown.find("p.faint").exists()).toBe(true);
  });

  it("offers no other try where it would bring the same answer", async () => {
    const refused = new LabError("bad_data", "photos of leaves: expected a folder, got a file");
    const { shown } = await showInWindow(
      PhotoChooser,
      { modelValue: [], dataset: "leaves" },
      { listDatasetPhotos: () => Promise.reject(refused) },
    );
    await flushPromises();
    expect(shown.text()).toContain("got a file");
    expect(shown.find("button").exists()).toBe(false);
  });

  it("says why photos cannot be listed, and tries again when asked to", async () => {
    let isBroken = true;
    const { shown } = await showInWindow(
      PhotoChooser,
      { modelValue: [], dataset: "leaves" },
      {
        listDatasetPhotos: async (): Promise<Page> => {
          if (isBroken) throw new Error("the folder is gone");
          return { total: 1, split: null, photos: photosOf(1) };
        },
      },
    );
    await flushPromises();
    expect(shown.text()).toContain("The folder is gone");
    isBroken = false;
    await shown.find("button").trigger("click");
    await flushPromises();
    await flushPromises();
    expect(shown.findAll("button.tile")).toHaveLength(1);
  });
});
