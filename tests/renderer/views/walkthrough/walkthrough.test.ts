// @vitest-environment happy-dom
import { enableAutoUnmount, flushPromises } from "@vue/test-utils";
import { afterEach, describe, expect, it } from "vitest";

import type { RunSummary } from "#shared/api/runs.ts";
import { ROOMS } from "#renderer/routing/rooms.ts";
import { useRuns } from "#renderer/stores/runs.ts";
import { english } from "#renderer/texts/english.ts";
import { toActionPath, WALKTHROUGH_STEPS } from "#renderer/views/walkthrough/walkthroughSteps.ts";
import WalkthroughView from "#renderer/views/walkthrough/WalkthroughView.vue";
import { showInWindow } from "#tests/renderer/window.ts";

enableAutoUnmount(afterEach);

const RUNS = [
  { id: "A", kind: "search", createdAt: "2026-11-01T10:00:00.000Z" },
  { id: "B", kind: "search", createdAt: "2026-11-02T10:00:00.000Z" },
] as RunSummary[];
const words = english.walkthrough;
const NOTHING = { search: null, training: null };

describe("the walk through the paper", () => {
  it("leads to rooms that there are", () => {
    const pages = new Set(ROOMS.flatMap((room) => room.pages.map(({ path }) => path)));
    const actions = WALKTHROUGH_STEPS.flatMap((step) => step.actions);
    const known = actions.flatMap((action) => toActionPath(action, NOTHING) ?? []);
    expect(known.length).toBeGreaterThan(4);
    for (const path of known) expect(pages).toContain(path.split("?")[0]);
  });

  it("goes to the newest search, and waits where there is nothing to go to", async () => {
    const { shown, router, button } = await showInWindow(WalkthroughView, {});
    expect(shown.text()).toContain(words.noSearch);
    expect(button(words.actions.cockpit).attributes("disabled")).toBeDefined();
    for (const run of RUNS) useRuns().put(run);
    await flushPromises();
    await button(words.actions.cockpit).trigger("click");
    await flushPromises();
    expect(router.currentRoute.value.path).toBe("/search/B");
    await button(words.actions.quickSearch).trigger("click");
    await flushPromises();
    expect(router.currentRoute.value.fullPath).toBe("/search/new?preset=quick");
    expect(button(words.actions.measure).attributes("disabled")).toBeDefined();
    expect(shown.text()).toContain(words.noTraining);
    expect(shown.text()).not.toContain(words.noSearch);
  });
});
