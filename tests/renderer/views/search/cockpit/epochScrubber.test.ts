// @vitest-environment happy-dom
import { enableAutoUnmount } from "@vue/test-utils";
import { afterEach, describe, expect, it } from "vitest";

import EpochScrubber from "#renderer/views/search/cockpit/EpochScrubber.vue";
import { nameOf, press, showInWindow } from "#tests/renderer/window.ts";

enableAutoUnmount(afterEach);

const showScrubber = (index: number, epochs: readonly number[] = [1, 2, 4]) =>
  showInWindow(EpochScrubber, {
    axis: "epoch",
    smoothing: 0.6,
    index,
    epochs,
    totalEpochs: 20,
    hasEpochs: true,
    isFollowing: index === epochs.length - 1,
    isPlaying: false,
    isMaking: false,
  });

describe("the scrubber of epochs", () => {
  it("says which epoch is shown, of how many, and whether that is the newest", async () => {
    const { shown, change } = await showScrubber(2);
    expect(shown.find(".words").text()).toMatch(/4.*20.*newest/is);
    await change({ index: 1, isFollowing: false });
    expect(shown.find(".words").text()).toMatch(/2.*20/s);
    expect(shown.find("[role=slider]").attributes("aria-valuetext")).toContain("2");
  });

  it("steps to the epochs beside it and to the newest", async () => {
    const { shown } = await showScrubber(1);
    const [, earlier, later, newest] = shown.findAll("button");
    for (const button of [earlier!, later!, newest!]) await button.trigger("click");
    expect(shown.emitted("update:index")).toEqual([[0], [1], [2]]);
  });

  it("does not step beyond its ends", async () => {
    const isOff = async (index: number) =>
      (await showScrubber(index)).shown.findAll("button").map((button) => button.attributes("disabled") !== undefined);
    expect((await isOff(0)).slice(1, 3)).toEqual([true, false]);
    expect((await isOff(2)).slice(1, 3)).toEqual([false, true]);
  });

  it("is moved by keys, and not while there is one epoch only", async () => {
    const several = await showScrubber(1);
    press(several.shown.find("[role=slider]").element, "ArrowLeft");
    expect(several.shown.emitted("update:index")).toEqual([[0]]);
    const one = await showScrubber(0, [1]);
    press(one.shown.find("[role=slider]").element, "ArrowRight");
    expect(one.shown.emitted("update:index")).toBeUndefined();
  });

  it("plays and stops, and does neither while there is one epoch only", async () => {
    const { shown, button, change } = await showScrubber(1);
    await button("Play the search from here").trigger("click");
    await change({ isPlaying: true });
    await button("Stop playing").trigger("click");
    expect([shown.emitted("play"), shown.emitted("stop")]).toEqual([[[]], [[]]]);
    const one = await showScrubber(0, [1]);
    expect(one.button("Play the search from here").attributes("disabled")).toBeDefined();
  });

  it("tells by what the charts are to be laid out", async () => {
    const { shown, button } = await showScrubber(1);
    const axes = shown.findAll("[role=group] button").map((each) => nameOf(each.element));
    await button(axes[0]!).trigger("click");
    expect(shown.emitted("update:axis")).toEqual([["step"]]);
  });
});
