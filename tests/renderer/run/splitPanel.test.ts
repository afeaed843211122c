// @vitest-environment happy-dom
import { enableAutoUnmount, flushPromises } from "@vue/test-utils";
import { afterEach, describe, expect, it } from "vitest";

import type { RunSummary } from "#shared/api/runs.ts";
import type { RunSplit } from "#shared/runs/runSplit.ts";
import SplitPanel from "#renderer/run/SplitPanel.vue";
import { showInWindow } from "#tests/renderer/window.ts";

enableAutoUnmount(afterEach);

const RUN = { id: "run", kind: "train" } as RunSummary;
const SPLIT: RunSplit = {
  schema: "hinas.split",
  version: 1,
  fingerprint: "f",
  sha256: "s",
  parts: { training: ["a.png", "b.png"], validation: ["c.png"], test: ["d.png"] },
  files: { "a.png": ["0123456789abcdef"], "b.png": [], "c.png": [], "d.png": ["fedcba9876543210", "00112233445566"] },
};

async function show(split: RunSplit | null) {
  const panel = await showInWindow(
    SplitPanel,
    { run: RUN },
    {
      readRunSplit: async () => split,
      findRunLeaks: async () => ({
        training: "mine",
        test: "mine",
        compared: { training: 2, test: 2 },
        leftOut: 0,
        start: [],
        pairs: [{ training: "a.png", test: "d.png", bits: 3 }],
      }),
    },
  );
  await flushPromises();
  const names = () =>
    panel.shown.findAll(".names li").map((each) =>
      each
        .findAll("*")
        .map((part) => part.text())
        .join(" "),
    );
  return { ...panel, names };
}

describe("the split of a run", () => {
  it("begins with the test part, shows how many photos each part has, and the files of the one that is chosen", async () => {
    const { shown, names, button } = await show(SPLIT);
    const parts = shown.findAll("button").map((each) => each.text());
    expect(parts).toEqual(["Training 2", "Validation 1", "Test 1", "Look for near-duplicates"]);
    expect(names()).toEqual(["d.png fedcba987654 001122334455"]);
    await button("Training 2").trigger("click");
    expect(names()).toEqual(["a.png 0123456789ab", "b.png"]);
    expect(shown.text()).toContain("the run never saw those of the test");
  });

  it("says which photos it is measured on are among those that it learns from", async () => {
    const { shown, button } = await show(SPLIT);
    await button("Look for near-duplicates").trigger("click");
    await flushPromises();
    expect(shown.text()).toContain("1 of 2 photos was found among 2 to train on.");
    const pair = shown.findAll("figure").map((each) => [each.find("img").attributes("src"), each.text()]);
    expect(pair).toEqual([
      ["/picture/photo", "test: d.png"],
      ["/picture/photo", "training: a.png"],
    ]);
  });

  it("warns of what the network that the training begins with had seen of it", async () => {
    const start = [
      { network: "first", dataset: "mine", photos: ["d.png"] },
      { network: "older", dataset: "mine", photos: null },
    ];
    const { shown } = await show({ ...SPLIT, start });
    expect(shown.text()).toContain("The network first, which this training begins with, learnt from the photo d.png");
    expect(shown.text()).toContain("The network older, which this training begins with, was trained on mine, too");
    expect((await show({ ...SPLIT, start: [] })).shown.text()).not.toContain("begins with");
  });

  it("says so where nothing was kept for a test, and where nothing was written down", async () => {
    const parts = { training: ["a.png", "b.png"], validation: ["c.png"] };
    expect((await show({ ...SPLIT, parts })).shown.text()).toContain("no photos were kept for a test");
    expect((await show(null)).shown.text()).toContain("begun before runs wrote down their split");
  });
});
