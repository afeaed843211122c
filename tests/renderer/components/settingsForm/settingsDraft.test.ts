// @vitest-environment happy-dom
import { enableAutoUnmount, flushPromises } from "@vue/test-utils";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { defineComponent, h, ref } from "vue";

import type { LabClient } from "#shared/api/contract.ts";
import type { Preset, ResolvedSettings, SettingsProblem } from "#shared/api/settings.ts";
import { searchConfigSchema } from "#shared/runs/config.ts";
import PresetPicker from "#renderer/components/settingsForm/PresetPicker.vue";
import SettingsForm from "#renderer/components/settingsForm/SettingsForm.vue";
import { useSettingsDraft } from "#renderer/components/settingsForm/useSettingsDraft.ts";
import YamlTwin from "#renderer/components/settingsForm/YamlTwin.vue";
import { showInWindow } from "#tests/renderer/window.ts";

type Wish = Parameters<LabClient["resolveSettings"]>[0];

const PRESETS: readonly Preset[] = [
  { name: "demo-search", kind: "search", description: "For the demo.", yaml: "{}" },
  { name: "published", kind: "search", description: "As in the paper.", yaml: "{}" },
  { name: "tiny", kind: "search", description: "A look in minutes: few steps. More words.", yaml: "{}" },
];

/** A form, its presets and its YAML over one draft, with every question that the lab was asked. */
async function showDraft(problems: (wish: Wish) => readonly SettingsProblem[] = () => []) {
  const asked: Wish[] = [];
  const resolve = (wish: Wish): ResolvedSettings => {
    const found = problems(wish);
    const values = { "search.epochs": 20, ...wish.values };
    const settings = { ...searchConfigSchema.parse({}), noise: { kind: "gaussian", sigma255: 30 } } as const;
    return found.length > 0
      ? { kind: "search", settings: null, problems: found, yaml: null, command: null }
      : { kind: "search", settings, problems: [], yaml: `epochs: ${String(values["search.epochs"])}\n`, command: "x" };
  };
  const host = defineComponent(() => {
    const draft = useSettingsDraft(
      "search",
      undefined,
      ref({ preset: "tiny", yaml: null, values: { "data.dataset": "mine", "search.epochs": 20 } }),
    );
    return () => [
      h(PresetPicker, { draft, presets: PRESETS, recommended: "tiny" }),
      h(SettingsForm, { kind: "search", draft }),
      h(YamlTwin, { draft }),
    ];
  });
  const {
    shown: page,
    input,
    close,
  } = await showInWindow(
    host,
    {},
    {
      resolveSettings: async (wish) => {
        asked.push(wish);
        return resolve(wish);
      },
      estimateCost: async () => Promise.reject(new Error("nothing was measured yet")),
    },
  );
  return { page, asked, input, close, yaml: () => page.find("textarea") };
}

async function waitForAnswer(): Promise<void> {
  await vi.advanceTimersByTimeAsync(300);
  await flushPromises();
}

enableAutoUnmount(afterEach);
beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe("a draft of settings", () => {
  it("asks the lab once for keys typed one after the other, when they pause", async () => {
    const { asked, input } = await showDraft();
    await flushPromises();
    expect(asked).toHaveLength(1);
    await input("Epochs").setValue("3");
    await input("Epochs").setValue("30");
    await waitForAnswer();
    expect(asked.slice(1).map(({ values }) => values)).toEqual([{ "data.dataset": "mine", "search.epochs": 30 }]);
  });

  it("shows in the YAML what is entered in the form", async () => {
    const { input, yaml } = await showDraft();
    await flushPromises();
    await input("Epochs").setValue("30");
    await waitForAnswer();
    expect(yaml().element.value).toBe("epochs: 30\n");
  });

  it("takes a text of the person's own for all of it, and no preset is chosen then", async () => {
    const { page, asked, yaml } = await showDraft();
    await flushPromises();
    const pressed = () => page.findAll(".preset[aria-pressed=true]").map((each) => each.find("strong").text());
    expect(pressed()).toHaveLength(1);
    await yaml().setValue("epochs: 5");
    await waitForAnswer();
    expect(asked.at(-1)).toMatchObject({ yaml: "epochs: 5", preset: null, values: {} });
    expect(pressed()).toEqual([]);
    expect(yaml().element.value).toBe("epochs: 5");
  });

  it("says what is wrong beside its field and with its line in the YAML, and keeps the last sound text", async () => {
    const { page, input, yaml } = await showDraft(({ values }) =>
      values?.["search.epochs"] === -1
        ? [{ path: "search.epochs", line: 2, message: "must be 1 or more, got -1" }]
        : [],
    );
    await flushPromises();
    await input("Epochs").setValue("-1");
    await waitForAnswer();
    expect(input("Epochs").attributes("aria-invalid")).toBe("true");
    expect(page.find("ul[role=status]").text()).toMatch(/2.*must be 1 or more, got -1/s);
    expect(yaml().element.value).toBe("epochs: 20\n");
  });

  it("opens a folded group that has something wrong in it", async () => {
    const { page } = await showDraft(() => [
      { path: "search.weights.learningRate", line: null, message: "must be above 0" },
    ]);
    await flushPromises();
    expect(page.findAll("details[open]").map((each) => each.text().includes("must be above 0"))).toEqual([true]);
  });

  it("shows the settings of the noise that is chosen, and no other's", async () => {
    const { page } = await showDraft();
    await flushPromises();
    const labels = page.findAll("label").map((each) => each.text());
    expect(labels.filter((label) => /sigma/i.test(label))).toHaveLength(1);
    expect(labels.some((label) => /gain/i.test(label))).toBe(false);
  });

  it("asks nothing more once the form is gone", async () => {
    const { asked, input, close } = await showDraft();
    await flushPromises();
    await input("Epochs").setValue("3");
    close();
    await waitForAnswer();
    expect(asked).toHaveLength(1);
  });
});

describe("the presets", () => {
  it("are those that are not the demo's, the recommended one first and chosen, each with what it is for or its first sentence", async () => {
    const { page } = await showDraft();
    expect(page.findAll(".preset span").map((each) => each.text())).toEqual([
      "A look in minutes.",
      "The denoising search of the journal paper (HiNAS, IJCV 2022).",
    ]);
    expect(page.find(".preset[aria-pressed=true]").text()).toContain("Recommended");
  });

  it("take the place of all that was entered, but for the data set, noise and seed of one's own", async () => {
    const { page, asked, input } = await showDraft();
    await flushPromises();
    await input("Epochs").setValue("3");
    await page.findAll(".preset")[1]!.trigger("click");
    await waitForAnswer();
    expect(asked.at(-1)).toMatchObject({ preset: "published", yaml: null, values: { "data.dataset": "mine" } });
    expect(asked.at(-1)?.values).not.toHaveProperty(["search.epochs"]);
    expect(page.findAll(".preset").map((each) => each.attributes("aria-pressed"))).toEqual(["false", "true"]);
  });
});
