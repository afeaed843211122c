// @vitest-environment happy-dom
import { enableAutoUnmount, flushPromises } from "@vue/test-utils";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

import type { Model } from "#shared/api/evaluations.ts";
import { useDenoise } from "#renderer/stores/denoise.ts";
import { useModels } from "#renderer/stores/models.ts";
import ModelChoice from "#renderer/views/denoise/ModelChoice.vue";
import NetworkNotes from "#renderer/views/denoise/NetworkNotes.vue";
import { findOpened, press, showInWindow } from "#tests/renderer/window.ts";

import { buildItem, buildModel } from "./denoiseFixtures.ts";

enableAutoUnmount(afterEach);
beforeEach(() => localStorage.clear());

const grey = buildModel();
const colour = buildModel({ id: "bbbb2222", name: "colour", imageChannels: 3, unshuffle: 1, noiseMap: false });
const training = buildModel({ id: "run", runId: "run", source: "training", name: "mine" });

async function showWith(component: object, properties: object, models: readonly Model[]) {
  const page = await showInWindow(component, properties, { listModels: async () => models });
  await useModels().load();
  await flushPromises();
  return page;
}

describe("the choice of networks", () => {
  async function open(models: readonly Model[]) {
    const page = await showWith(ModelChoice, {}, models);
    press(page.shown.find("button").element, "Enter");
    const items = await findOpened("[role=menuitemcheckbox]");
    return { page, items, pick: (index: number) => press(items[index], "Enter") };
  }

  it("is left to the lab where networks say what they are for, until one is named, and again at a wish", async () => {
    const { page, items, pick } = await open([training, grey, colour]);
    expect(page.shown.text()).toBe("Chosen for each photo");
    expect(useDenoise().chosenModels).toEqual([]);
    expect(items).toHaveLength(4);
    pick(2);
    await flushPromises();
    expect(useDenoise().chosenModels).toEqual(["aaaa1111"]);
    expect(page.shown.text()).toBe("grey");
    pick(3);
    await flushPromises();
    expect(useDenoise().chosenModels).toEqual(["aaaa1111", "bbbb2222"]);
    pick(0);
    await flushPromises();
    expect(useDenoise().chosenModels).toEqual([]);
  });

  it("is the newest training where there are only trainings", async () => {
    const { page, items } = await open([training]);
    expect(page.shown.text()).toBe("mine");
    expect(items).toHaveLength(1);
  });

  it("says of each network what it takes and how it works", async () => {
    const { items } = await open([grey, colour]);
    const notes = items.map((item) => item.querySelector("small")?.textContent);
    expect(notes[1]).toMatch(/^grey · noise map, sigma 0 to 50 · half resolution; trained on gaussian-0\.\.50/);
    expect(notes[2]).toMatch(/^colour; trained on/);
  });
});

describe("the notes on a result", () => {
  it("name the network, what it is, and why it was taken", async () => {
    const item = buildItem({ why: "grey, trained for grey pictures, for a grey photo" });
    const { shown } = await showWith(NetworkNotes, { item, redoing: null }, [grey]);
    expect(shown.text()).toContain("grey");
    expect(shown.text()).toContain("grey · noise map, sigma 0 to 50 · half resolution");
    expect(shown.text()).toContain("chosen because it was trained for grey pictures, for a grey photo");
    expect(shown.findAll("[role=status]")).toHaveLength(0);
  });

  it("offer the network that fits where somebody took one that does not", async () => {
    const item = buildItem({ remarks: ["grey is for grey pictures"] });
    const { shown, change, button } = await showWith(NetworkNotes, { item, redoing: null }, [grey, colour]);
    await button("Take the network that fits").trigger("click");
    expect(shown.emitted("better")).toHaveLength(1);
    // What the lab chose itself has no better one.
    await change({ item: buildItem({ remarks: ["grey is for grey pictures"], why: "the only one" }) });
    expect(shown.text()).not.toContain("Take the network that fits");
  });

  it("warn of what does not fit, and say what is at work", async () => {
    const item = buildItem({ remarks: ["grey is for grey pictures"] });
    const wish = { task: "t", item: 0, model: "aaaa1111", sigma255: 20 };
    const { shown, change } = await showWith(NetworkNotes, { item, redoing: null }, [grey]);
    const told = () => shown.findAll("[role=status]").map((each) => each.text());
    expect(told()).toEqual(["grey is for grey pictures"]);
    await change({ redoing: { wish, stage: "part", part: null } });
    expect(told()[1]).toBe("Denoising what is on show…");
  });
});
