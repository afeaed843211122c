// @vitest-environment happy-dom
import { enableAutoUnmount, flushPromises } from "@vue/test-utils";
import { afterEach, describe, expect, it } from "vitest";

import type { Model } from "#shared/api/evaluations.ts";
import type { RunSummary } from "#shared/api/runs.ts";
import RunActions from "#renderer/run/RunActions.vue";
import { findOpened, press, showInWindow } from "#tests/renderer/window.ts";

enableAutoUnmount(afterEach);

const run = (kind: RunSummary["kind"]) =>
  ({ id: "01RUN", kind, name: "Night owl", state: "finished", folder: "/runs/01RUN" }) as RunSummary;

/** Opens the menu of what can be done with a run, which has a network where `models` says so. */
async function openMenu(kind: RunSummary["kind"], models: readonly string[]) {
  const exported: unknown[] = [];
  const page = await showInWindow(
    RunActions,
    { run: run(kind) },
    {
      listRuns: async () => [],
      listModels: async () => models.map((id) => ({ id, name: id }) as Model),
      exportModel: async (wish) => {
        exported.push(wish);
        return { file: wish.file } as never;
      },
    },
  );
  await flushPromises();
  const open = async (): Promise<readonly HTMLElement[]> => {
    press(page.button("More actions").element, "Enter");
    return findOpened("[role=menuitem]");
  };
  const choose = async (name: string): Promise<void> => {
    const item = (await open()).find((each) => each.textContent.trim() === name);
    press(item, "Enter");
    await flushPromises();
  };
  return { ...page, exported, choose, names: async () => (await open()).map((each) => each.textContent.trim()) };
}

describe("where a run leads on", () => {
  it("is the same again with changes for a search", async () => {
    const { router, choose } = await openMenu("search", []);
    await choose("Search again with changes");
    expect(router.currentRoute.value.fullPath).toBe("/search/new?again=01RUN");
  });

  it("is denoising with its network for a training that has one", async () => {
    const { router, choose } = await openMenu("train", ["01RUN"]);
    await choose("Denoise photos with this");
    expect(router.currentRoute.value.fullPath).toBe("/denoise?model=01RUN");
  });

  it("is its network as a file, in the run's folder where a browser shows the window", async () => {
    const { exported, choose } = await openMenu("train", ["01RUN"]);
    await choose("Export as ONNX");
    expect(exported).toEqual([{ model: "01RUN", format: "onnx", file: "/runs/01RUN/night-owl.onnx" }]);
  });

  it("is no network where a training has none yet", async () => {
    const { names } = await openMenu("train", []);
    const found = await names();
    expect(found).toContain("Train again with changes");
    expect(found).not.toContain("Denoise photos with this");
  });
});
