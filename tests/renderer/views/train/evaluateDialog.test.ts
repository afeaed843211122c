// @vitest-environment happy-dom
import { enableAutoUnmount, flushPromises } from "@vue/test-utils";
import { afterEach, describe, expect, it } from "vitest";

import type { LabClient } from "#shared/api/contract.ts";
import type { Model } from "#shared/api/evaluations.ts";
import type { Task } from "#shared/api/tasks.ts";
import { firstNoise } from "#shared/image/noise.ts";
import EvaluateDialog from "#renderer/views/train/EvaluateDialog.vue";
import { findOpened, nameOf, press, showInWindow } from "#tests/renderer/window.ts";

enableAutoUnmount(afterEach);

type Wish = Parameters<LabClient["startEvaluation"]>[0];

const model: Model = {
  id: "run",
  source: "training",
  imageChannels: 1,
  noiseMap: false,
  unshuffle: 1,
  trainedSigma255: null,
  runId: "run",
  name: "Night",
  genotypeHash: "c0181bc9",
  filters: 20,
  parameters: 1000,
  multiplyAddsPerPixel: 900,
  receptiveFieldPx: 21,
  noise: "gaussian-30,50",
  dataset: "sample",
  best: null,
  createdAt: "2026-11-20T10:00:00.000Z",
};

const SPLIT = { schema: "hinas.split", version: 1, fingerprint: "f", sha256: "s" } as const;

async function showDialog(refuse = false, kept: readonly string[] = []) {
  const asked: Wish[] = [];
  const { shown } = await showInWindow(
    EvaluateDialog,
    { open: true, model },
    {
      readRunSplit: async () => ({
        ...SPLIT,
        parts: { training: ["a.png"], ...(kept.length > 0 ? { test: kept } : {}) },
      }),
      startEvaluation: async (wish) => {
        if (refuse) throw new Error("the lab is full");
        asked.push(wish);
        return { id: `task ${asked.length}`, kind: "evaluation" } as Task;
      },
    },
  );
  const [dialog] = await findOpened("[role=dialog]");
  if (dialog === undefined) throw new Error("the dialog must be open");
  const button = (name: string) => [...dialog.querySelectorAll("button")].find((each) => nameOf(each) === name)!;
  const input = (label: string) => {
    const found = [...dialog.querySelectorAll("label")].find((each) => each.textContent.trim() === label)!;
    return dialog.querySelector<HTMLInputElement>(`[id="${found.htmlFor}"]`)!;
  };
  const type = async (label: string, text: string) => {
    input(label).value = text;
    input(label).dispatchEvent(new Event("input"));
    await flushPromises();
  };
  return { shown, dialog, asked, button, input, type };
}

describe("the dialog that measures a network", () => {
  it("begins with the photos that the training kept for a test, where it kept any", async () => {
    const { dialog, asked, button } = await showDialog(false, ["b.png", "c.png"]);
    expect(dialog.textContent).toContain("Test part of its own data (2)");
    button("Measure").click();
    await flushPromises();
    expect(asked[0]?.configs.map(({ data }) => data?.part)).toEqual(["test", "test"]);
    expect((await showDialog()).dialog.textContent).not.toContain("Test part");
  });

  it("begins with the noise that the network was trained for", async () => {
    const { dialog, input } = await showDialog();
    expect(dialog.textContent).toContain("Measure Night");
    expect(input("Sigma (0–255)").value).toBe("30, 50");
  });

  it("measures at every level and closes", async () => {
    const { shown, asked, button, type } = await showDialog();
    await type("Sigma (0–255)", "15, 25");
    await type("Most photos", "3");
    button("Measure").click();
    await flushPromises();
    expect(asked).toHaveLength(1);
    expect(asked[0]?.configs.map(({ noise }) => noise)).toEqual([
      { kind: "gaussian", sigma255: 15 },
      { kind: "gaussian", sigma255: 25 },
    ]);
    expect(asked[0]).toMatchObject({
      model: "run",
      configs: [15, 25].map(() => ({ data: { dataset: "sample", maxPhotos: 3 }, noiseSeed: 0, noiseSeeds: 1 })),
    });
    expect(shown.emitted("update:open")).toEqual([[false]]);
  });

  it("takes a range of noise as it is written", async () => {
    const { asked, button, type } = await showDialog();
    await type("Sigma (0–255)", "0..75");
    button("Measure").click();
    await flushPromises();
    expect(asked[0]?.configs.map(({ noise }) => noise)).toEqual([{ kind: "gaussian", sigma255: { from: 0, to: 75 } }]);
  });

  it("takes a camera as it usually is", async () => {
    const { asked, dialog, button, input } = await showDialog();
    button("Camera").click();
    await flushPromises();
    expect(dialog.textContent).not.toContain("JPEG quality");
    expect(input("Shot noise").value).toBe("0.0001..0.012");
    button("Measure").click();
    await flushPromises();
    expect(asked[0]?.configs.map(({ noise }) => noise)).toEqual([firstNoise("camera")]);
  });

  it.each([
    ["Sigma (0–255)", "300", "Levels must be numbers from 0 to 255, at most eight."],
    ["Noise seed", "1.5", "The seed must be a whole number of 0 or more."],
    ["Noise seeds", "21", "It must be a whole number from 1 to 20."],
    ["Noise seeds", "", "It must be a whole number from 1 to 20."],
    ["Most photos", "0", "It must be a whole number of 1 or more, or empty."],
  ])("refuses %s of %s with its sentence", async (label, text, sentence) => {
    const { dialog, asked, button, input, type } = await showDialog();
    expect(dialog.textContent).not.toContain(sentence);
    await type(label, text);
    expect(dialog.textContent).toContain(sentence);
    expect(input(label).getAttribute("aria-invalid")).toBe("true");
    expect(button("Measure").disabled).toBe(true);
    button("Measure").click();
    await flushPromises();
    expect(asked).toEqual([]);
  });

  it("asks for a self-ensemble, baselines and the reference code's tiles where they are switched on", async () => {
    const { dialog, asked, button, type } = await showDialog();
    await type("Noise seeds", "3");
    for (const toggle of dialog.querySelectorAll<HTMLElement>("[role=switch]")) toggle.click();
    await flushPromises();
    button("Measure").click();
    await flushPromises();
    const wanted = { noiseSeeds: 3, protocol: "whole_image", selfEnsemble: true, baselines: true };
    expect(asked[0]?.configs).toMatchObject([wanted, wanted]);
  });

  it("says what is different where the reference code's tiles are chosen", async () => {
    const { dialog } = await showDialog();
    const tiles = [...dialog.querySelectorAll<HTMLElement>("[role=radio], [role=group] button")].find((each) =>
      each.textContent.includes("Reference code"),
    );
    tiles?.click();
    await flushPromises();
    expect(dialog.textContent).toContain("fresh noise each, averaged where they overlap");
  });

  it("asks for the gain only where the noise has one", async () => {
    const { dialog, button } = await showDialog();
    const labels = () => [...dialog.querySelectorAll("label")].map((each) => each.textContent.trim());
    expect(labels()).not.toContain("Gain");
    const sensor = [...dialog.querySelectorAll<HTMLElement>("[role=radio], [role=group] button")].find((each) =>
      each.textContent.includes("Poisson–Gaussian"),
    )!;
    sensor.click();
    await flushPromises();
    expect(labels()).toContain("Gain");
    expect(button("Measure").disabled).toBe(false);
  });

  it("stays open where the lab refuses", async () => {
    const { shown, button } = await showDialog(true);
    button("Measure").click();
    await flushPromises();
    expect(shown.emitted("update:open")).toBeUndefined();
  });

  it("is closed by Escape and by cancelling", async () => {
    const escaped = await showDialog();
    press(escaped.dialog, "Escape");
    await flushPromises();
    expect(escaped.shown.emitted("update:open")).toEqual([[false]]);
    const cancelled = await showDialog();
    cancelled.button("Cancel").click();
    await flushPromises();
    expect(cancelled.shown.emitted("update:open")).toEqual([[false]]);
  });
});
