import { describe, expect, it } from "vitest";
import { createApp, defineComponent, h, ref } from "vue";
import { createMemoryHistory, createRouter } from "vue-router";

import { useRunPage } from "#renderer/routing/useRunPage.ts";
import { toNextStepPath } from "#renderer/views/home/nextStepPath.ts";

async function openAddress(path: string) {
  const component = defineComponent({ render: () => h("p") });
  const routes = ["/search/:id", "/train/:id"].map((address) => ({ path: address, component }));
  const router = createRouter({ history: createMemoryHistory(), routes });
  await router.push(path);
  return { router, app: createApp(component).use(router) };
}

describe("the page of a run", () => {
  it.each([
    ["watch", "search"],
    ["watch", "train"],
    ["resume", "search"],
    ["resume", "train"],
  ] as const)("is where the step to %s a %s leads", (step, kind) => {
    expect(toNextStepPath({ kind: step, run: { kind, id: "01AB" } })).toBe(`/${kind}/01AB`);
  });

  it("is reached from the address of the other kind, and stays on its own", async () => {
    const { router, app } = await openAddress("/search/01AB");
    const run = ref<{ kind: "search" | "train"; id: string } | null>(null);
    app.runWithContext(() => {
      useRunPage(run, "search");
    });
    run.value = { kind: "train", id: "01AB" };
    await expect.poll(() => router.currentRoute.value.path).toBe("/train/01AB");
    const own = await openAddress("/search/01CD");
    own.app.runWithContext(() => {
      useRunPage(ref({ kind: "search" as const, id: "01CD" }), "search");
    });
    await own.router.isReady();
    expect(own.router.currentRoute.value.path).toBe("/search/01CD");
  });
});
