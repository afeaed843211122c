// @vitest-environment happy-dom
import { enableAutoUnmount } from "@vue/test-utils";
import { afterEach, describe, expect, it, vi } from "vitest";
import { nextTick } from "vue";

import NoiseControl from "#renderer/views/denoise/NoiseControl.vue";
import { nameOf, press, showInWindow } from "#tests/renderer/window.ts";

import { buildItem, buildModel } from "./denoiseFixtures.ts";

enableAutoUnmount(afterEach);

const show = (sigma255: number | null, more: object = {}) =>
  showInWindow(NoiseControl, { item: buildItem(), model: buildModel(), sigma255, ...more });
const thumb = () => document.querySelector("[role=slider]") ?? undefined;

describe("the noise that a network is told", () => {
  it("is the estimate at first, with its number, and the slider stands there", async () => {
    const { button } = await show(null);
    expect(button("Estimated 12.3").attributes("aria-pressed")).toBe("true");
    expect(thumb()?.getAttribute("aria-valuenow")).toBe("12.3");
    expect(thumb()?.getAttribute("aria-valuemax")).toBe("75");
  });

  it("is what the slider says once it comes to rest, told once", async () => {
    const { shown, button } = await show(20);
    for (let step = 0; step < 3; step += 1) {
      press(thumb(), "ArrowRight");
      await nextTick();
    }
    await vi.waitFor(() => expect(shown.emitted("change")).toEqual([[23]]));
    expect(button("Estimated 12.3").attributes("aria-pressed")).toBe("false");
  });

  it("is the estimate again at the press of a button", async () => {
    const { shown, button } = await show(20);
    await button("Estimated 12.3").trigger("click");
    expect(shown.emitted("change")).toEqual([[null]]);
    await button("Estimated 12.3").trigger("click");
    expect(shown.emitted("change")).toHaveLength(1);
  });

  it("warns beyond what the network was trained for", async () => {
    const { shown, change } = await show(50);
    expect(shown.find(".beyond").exists()).toBe(false);
    await change({ sigma255: 60 });
    expect(shown.find(".beyond").attributes("title")).toBe("The network was trained for sigma 0 to 50");
  });

  it("is what was added where noise was added", async () => {
    const { shown } = await show(null, { item: buildItem({ hasClean: true }) });
    expect(shown.findAll("button").map(({ element }) => nameOf(element))).toEqual(["As added"]);
  });
});
