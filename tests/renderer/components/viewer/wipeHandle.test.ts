// @vitest-environment happy-dom
import { enableAutoUnmount } from "@vue/test-utils";
import { afterEach, describe, expect, it, vi } from "vitest";

import WipeHandle from "#renderer/components/viewer/WipeHandle.vue";
import { press, showInWindow } from "#tests/renderer/window.ts";

enableAutoUnmount(afterEach);

const showHandle = (at: number, canMove = true) => showInWindow(WipeHandle, { modelValue: at, at, canMove });

describe("the line between two pictures", () => {
  it("says where it stands", async () => {
    const handle = (await showHandle(0.25)).shown.find("[role=slider]");
    expect([handle.attributes("aria-valuenow"), handle.attributes("aria-valuetext")]).toEqual(["25", "25 %"]);
    expect(handle.attributes("style")).toContain("25%");
  });

  it.each([
    ["ArrowLeft", false, 0.48],
    ["ArrowRight", false, 0.52],
    ["ArrowRight", true, 0.6],
    ["Home", false, 0],
    ["End", false, 1],
  ])("is moved by %s (shift %s) to %s", async (key, shiftKey, to) => {
    const { shown } = await showHandle(0.5);
    press(shown.find("[role=slider]").element, key, { shiftKey });
    expect(shown.emitted("update:modelValue")).toEqual([[expect.closeTo(to, 10)]]);
  });

  it("stays between the ends, and keeps its keys from the page", async () => {
    const { shown } = await showHandle(0.99);
    const heard = vi.fn();
    document.addEventListener("keydown", heard);
    press(shown.find("[role=slider]").element, "ArrowRight");
    expect(heard).not.toHaveBeenCalled();
    press(shown.find("[role=slider]").element, "Escape");
    expect(heard).toHaveBeenCalledOnce();
    document.removeEventListener("keydown", heard);
    expect(shown.emitted("update:modelValue")).toEqual([[1]]);
  });

  it("is only drawn in the panes that do not move it", async () => {
    const { shown } = await showHandle(0.5, false);
    expect(shown.find("[role=slider]").exists()).toBe(false);
  });
});
