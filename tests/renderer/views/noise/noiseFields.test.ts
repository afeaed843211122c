// @vitest-environment happy-dom
import { enableAutoUnmount, flushPromises } from "@vue/test-utils";
import { afterEach, describe, expect, it } from "vitest";

import { firstNoise, type Noise } from "#shared/image/noise.ts";
import NoiseFields from "#renderer/views/noise/NoiseFields.vue";
import { showInWindow } from "#tests/renderer/window.ts";

enableAutoUnmount(afterEach);

async function showFields(noise: Noise) {
  const window = await showInWindow(NoiseFields, { modelValue: noise });
  const taken = () => (window.shown.emitted("update:modelValue") ?? []).map(([value]) => value as Noise);
  return {
    ...window,
    taken,
    labels: () => window.shown.findAll("label").map((label) => label.text()),
    /** Types into a field and gives the noise that is taken back, as the bench does. */
    type: async (label: string, text: string) => {
      await window.input(label).setValue(text);
      await window.change({ modelValue: taken().at(-1) ?? noise });
    },
    choose: async (kind: string) => {
      await window.button(kind).trigger("click");
      await flushPromises();
      await window.change({ modelValue: taken().at(-1) });
    },
  };
}

describe("the fields of a noise setting", () => {
  it("are those of the chosen kind, which begins with its first values", async () => {
    const { labels, taken, choose, input } = await showFields({ kind: "gaussian", sigma255: [15, 50] });
    expect(labels()).toEqual(["Sigma (0 to 255)"]);
    expect(input("Sigma (0 to 255)").element.value).toBe("15, 50");
    await choose("Poisson–Gaussian");
    expect(labels()).toEqual(["Gain", "Constant part, sigma (0 to 255)"]);
    expect(input("Gain").element.value).toBe("0.01");
    await choose("Pairs");
    expect(labels()).toEqual([]);
    expect(taken()).toEqual([{ kind: "poisson_gaussian", gain: 0.01, sigma255: 5 }, { kind: "paired" }]);
  });

  it("slide one number, and none of a list or a range", async () => {
    const { shown, type } = await showFields({ kind: "gaussian", sigma255: 30 });
    const positions = () => shown.findAll("[role=slider]").map((slider) => slider.attributes("aria-valuenow"));
    expect(positions()).toEqual(["30"]);
    await type("Sigma (0 to 255)", "0..55");
    expect(positions()).toEqual([]);
  });

  it("slide the gain by powers of ten, rounded to two digits", async () => {
    const { shown, taken } = await showFields({ kind: "poisson_gaussian", gain: 0.01, sigma255: 5 });
    const [gain] = shown.findAll("[role=slider]");
    expect(gain!.attributes("aria-valuenow")).toBe("-2");
    await gain!.trigger("keydown", { key: "ArrowRight" });
    expect(taken()).toEqual([{ kind: "poisson_gaussian", gain: 0.011, sigma255: 5 }]);
  });

  it("choose, switch and type the steps of a camera", async () => {
    const { shown, taken, labels, choose, type, input, change } = await showFields({ kind: "gaussian", sigma255: 30 });
    await choose("Camera");
    expect(labels()).toContain("Shot noise");
    expect(input("Shot noise").element.value).toBe("0.0001..0.012");
    expect(taken().at(-1)).toEqual(firstNoise("camera"));
    expect(shown.text()).toContain("Malvar, He and Cutler (5 x 5)");
    await type("JPEG quality", "90..95");
    expect(taken().at(-1)).toMatchObject({ kind: "camera", jpegQuality: { from: 90, to: 95 } });
    const eightBits = shown.findAll("label").find((label) => label.text() === "8 bits");
    await shown.find(`[id="${eightBits!.attributes("for")}"]`).trigger("click");
    expect(taken().at(-1)).toMatchObject({ eightBits: false, jpegQuality: { from: 90, to: 95 } });
    await change({ modelValue: taken().at(-1) });
    await type("JPEG quality", "0");
    expect(shown.text()).toContain("It must be a number from 1 to 100, or a range such as 60..100.");
  });

  it("keep what is typed while it means the same, and say what is wrong with what means nothing", async () => {
    const { shown, taken, type, input } = await showFields({ kind: "poisson_gaussian", gain: 0.01, sigma255: 5 });
    await type("Gain", "2e-2");
    expect(input("Gain").element.value).toBe("2e-2");
    await type("Gain", "0");
    expect(taken()).toEqual([{ kind: "poisson_gaussian", gain: 0.02, sigma255: 5 }]);
    expect(input("Gain").attributes("aria-invalid")).toBe("true");
    await type("Constant part, sigma (0 to 255)", "300");
    expect(shown.text()).toContain("This is no noise setting yet.");
  });
});
