// @vitest-environment happy-dom
import { enableAutoUnmount } from "@vue/test-utils";
import { afterEach, describe, expect, it } from "vitest";

import CheckMenu from "#renderer/components/controls/CheckMenu.vue";
import SelectBox from "#renderer/components/controls/SelectBox.vue";
import SliderInput from "#renderer/components/controls/SliderInput.vue";
import { findOpened, press, showInWindow } from "#tests/renderer/window.ts";

enableAutoUnmount(afterEach);

const options = [
  { value: "a", label: "First" },
  { value: "b", label: "Second", note: "newer" },
  { value: "c", label: "Third" },
];

describe("a box to choose from", () => {
  const showBox = (more: object = {}) => showInWindow(SelectBox, { modelValue: "a", options, label: "Order", ...more });

  it("shows what is chosen and is opened by keys", async () => {
    const { shown, button } = await showBox();
    expect(shown.text()).toBe("First");
    expect(await findOpened("[role=option]")).toEqual([]);
    press(button("Order").element, "ArrowDown");
    const items = await findOpened("[role=option]");
    expect(items.map((item) => item.textContent.replace(/\s/g, ""))).toEqual(["First", "Secondnewer", "Third"]);
    expect(items.map((item) => item.getAttribute("aria-selected"))).toEqual(["true", "false", "false"]);
  });

  it("tells what is chosen by a key", async () => {
    const { shown, button } = await showBox();
    press(button("Order").element, "Enter");
    press((await findOpened("[role=option]"))[1], "Enter");
    await findOpened("body");
    expect(shown.emitted("update:modelValue")).toEqual([["b"]]);
  });

  it("stays closed while it is out of use", async () => {
    const { button } = await showBox({ disabled: true });
    press(button("Order").element, "Enter");
    expect(await findOpened("[role=option]")).toEqual([]);
  });
});

describe("a menu of things to tick", () => {
  const open = async (modelValue: readonly string[], most = Infinity) => {
    const { shown, button } = await showInWindow(CheckMenu, {
      modelValue,
      options,
      label: "Networks",
      text: "two",
      most,
    });
    press(button("Networks: two").element, "Enter");
    return { shown, items: await findOpened("[role=menuitemcheckbox]") };
  };

  it("adds what is ticked and stays open for more", async () => {
    const { shown, items } = await open(["a"]);
    expect(items.map((item) => item.getAttribute("aria-checked"))).toEqual(["true", "false", "false"]);
    items[1]!.click();
    expect(await findOpened("[role=menuitemcheckbox]")).toHaveLength(3);
    expect(shown.emitted("update:modelValue")).toEqual([[["a", "b"]]]);
  });

  it("takes away what is ticked again", async () => {
    const { shown, items } = await open(["a", "b"]);
    items[0]!.click();
    await findOpened("body");
    expect(shown.emitted("update:modelValue")).toEqual([[["b"]]]);
  });

  it("keeps the last that is ticked", async () => {
    const { shown, items } = await open(["a"]);
    items[0]!.click();
    await findOpened("body");
    expect(shown.emitted("update:modelValue")).toBeUndefined();
  });

  it("offers nothing more once as many are ticked as may be", async () => {
    const { items } = await open(["a", "b"], 2);
    expect(items.map((item) => item.getAttribute("aria-disabled") === "true")).toEqual([false, false, true]);
  });
});

describe("a slider", () => {
  const showSlider = async (more: object = {}) => {
    const { shown } = await showInWindow(SliderInput, { modelValue: 3, label: "Epoch", max: 10, step: 1, ...more });
    return { shown, thumb: shown.find("[role=slider]") };
  };

  it("says its value, and in words where it has any", async () => {
    const { thumb } = await showSlider({ valueText: "epoch 3 of 10" });
    expect([thumb.attributes("aria-label"), thumb.attributes("aria-valuenow")]).toEqual(["Epoch", "3"]);
    expect(thumb.attributes("aria-valuetext")).toBe("epoch 3 of 10");
  });

  it.each([
    ["ArrowRight", 4],
    ["ArrowLeft", 2],
    ["Home", 0],
    ["End", 10],
  ])("is moved by the key %s", async (key, value) => {
    const { shown, thumb } = await showSlider();
    await thumb.trigger("keydown", { key });
    expect(shown.emitted("update:modelValue")).toEqual([[value]]);
  });

  it("does not move while it is out of use", async () => {
    const { shown, thumb } = await showSlider({ disabled: true });
    await thumb.trigger("keydown", { key: "ArrowRight" });
    expect(shown.emitted("update:modelValue")).toBeUndefined();
  });
});
