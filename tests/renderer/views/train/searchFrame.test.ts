// @vitest-environment happy-dom
import { enableAutoUnmount, flushPromises } from "@vue/test-utils";
import { afterEach, describe, expect, it } from "vitest";
import { defineComponent, h, ref, shallowRef } from "vue";

import type { RunSetup } from "#shared/api/runs.ts";
import { LabError } from "#shared/labError.ts";
import { searchConfigSchema } from "#shared/runs/config.ts";
import { useSearchFrame } from "#renderer/views/train/useSearchFrame.ts";
import { showInWindow } from "#tests/renderer/window.ts";

enableAutoUnmount(afterEach);

/** Shows a form that only holds what is set, for an architecture that a run derived. */
async function showForm(answer: () => Promise<RunSetup>) {
  const values = new Map<string, unknown>();
  const preset = ref<string | null | undefined>(null);
  const draft = { preset, set: (path: string, value: unknown) => values.set(path, value) };
  const architecture = shallowRef({ hash: "aaaaaaaa", origin: { kind: "derived", runId: "RUN" } });
  const Form = defineComponent(() => {
    useSearchFrame(draft as never, architecture as never);
    return () => h("div");
  });
  await showInWindow(Form, {}, { showRunSetup: answer });
  await flushPromises();
  return { values, preset, architecture };
}

const colourSearch = async (): Promise<RunSetup> => ({
  kind: "search",
  config: searchConfigSchema.parse({ space: { imageChannels: 3, noiseMap: true } }),
});

describe("the frame of a training", () => {
  it("begins with that of the search that found the architecture, also after another preset", async () => {
    const { values, preset } = await showForm(colourSearch);
    expect(values.get("network.imageChannels")).toBe(3);
    expect(values.get("network.noiseMap")).toBe(true);
    expect(values.get("network.unshuffle")).toBeUndefined();
    values.clear();
    preset.value = "quick";
    await flushPromises();
    expect(values.get("network.imageChannels")).toBe(3);
  });

  it("goes back to the default with an architecture that no search found", async () => {
    const { values, architecture } = await showForm(colourSearch);
    architecture.value = { hash: "bbbbbbbb", origin: { kind: "imported", runId: "" } };
    await flushPromises();
    expect(values.get("network.imageChannels")).toBeUndefined();
  });

  it("is left alone where the search is gone", async () => {
    const { values } = await showForm(async () => {
      throw new LabError("not_found", "run: no run begins with RUN");
    });
    expect([...values]).toEqual([]);
  });
});
