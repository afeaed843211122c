// @vitest-environment happy-dom
import { enableAutoUnmount, flushPromises } from "@vue/test-utils";
import { afterEach, expect, it, vi } from "vitest";

import type { RunSummary } from "#shared/api/runs.ts";
import RunActions from "#renderer/run/RunActions.vue";
import { findOpened, press, showInWindow } from "#tests/renderer/window.ts";

enableAutoUnmount(afterEach);

it("saves a run's figures for TensorBoard under a name that it reads", async () => {
  const run = { id: "run", kind: "train", name: "First try", state: "finished", createdAt: "2026-11-30T10:00:00.000Z" };
  const asked: string[] = [];
  const saved: string[] = [];
  vi.spyOn(HTMLAnchorElement.prototype, "click").mockImplementation(function (this: HTMLAnchorElement) {
    saved.push(this.download);
  });
  await showInWindow(RunActions, { run: run as RunSummary }, { packEventFile: async (id) => (asked.push(id), "aGk=") });
  press(document.querySelector("[aria-haspopup=menu]") ?? undefined, "Enter");
  const entries = await findOpened("[role=menuitem]");
  entries.find((entry) => entry.textContent.trim() === "Save the figures for TensorBoard")?.click();
  await flushPromises();
  expect(asked).toEqual(["run"]);
  expect(saved).toEqual([`events.out.tfevents.${Date.parse(run.createdAt)}.first-try`]);
});
