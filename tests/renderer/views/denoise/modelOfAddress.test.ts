import { expect, it } from "vitest";
import { createApp, defineComponent, h } from "vue";
import { createMemoryHistory, createRouter } from "vue-router";

import { useModelOfAddress } from "#renderer/views/denoise/useModelOfAddress.ts";
import { toNextStepPath } from "#renderer/views/home/nextStepPath.ts";

it("chooses the network of home's next step once, whether the room is opened by it or open already", async () => {
  const component = defineComponent({ render: () => h("p") });
  const router = createRouter({ history: createMemoryHistory(), routes: [{ path: "/denoise", component }] });
  await router.push(toNextStepPath({ kind: "denoise", runId: "01AB" }) ?? "");
  const picked: string[] = [];
  createApp(component)
    .use(router)
    .runWithContext(() => {
      useModelOfAddress((model) => picked.push(model));
    });
  await expect.poll(() => router.currentRoute.value.fullPath).toBe("/denoise");
  await router.push("/denoise?model=01CD");
  await expect.poll(() => router.currentRoute.value.fullPath).toBe("/denoise");
  expect(picked).toEqual(["01AB", "01CD"]);
});
