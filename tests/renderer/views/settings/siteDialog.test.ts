// @vitest-environment happy-dom
import { enableAutoUnmount, flushPromises } from "@vue/test-utils";
import { afterEach, expect, it } from "vitest";

import type { LabClient } from "#shared/api/contract.ts";
import SitesPanel from "#renderer/views/settings/SitesPanel.vue";
import { showInWindow } from "#tests/renderer/window.ts";

enableAutoUnmount(afterEach);

const site: Awaited<ReturnType<LabClient["listSites"]>>[number] = {
  name: "cluster",
  yaml: "",
  profile: {
    schema: "hinas.site",
    version: 1,
    kind: "ssh",
    host: "box",
    dataHost: null,
    folder: "/data",
    hinas: "hinas",
    preamble: [],
    pollSeconds: 60,
  },
};

it("says what is there at a site and what is missing, and why it could not look", async () => {
  let isReachable = true;
  const { shown, button } = await showInWindow(
    SitesPanel,
    {},
    {
      listSites: async () => [site],
      checkSite: async () => {
        if (!isReachable) throw new Error("box does not answer");
        return [
          { what: "ssh", ok: true, detail: "logged in" },
          { what: "engine", ok: false, detail: "`hinas doctor --install` there brings it" },
        ];
      },
    },
  );
  await flushPromises();
  expect(shown.text()).toContain("box:/data");
  await button("Check").trigger("click");
  await flushPromises();
  expect(shown.text()).toContain("Something is missing at cluster");
  expect(shown.text()).toMatch(/missing\s*engine\s*`hinas doctor --install` there brings it/);
  isReachable = false;
  await button("Check").trigger("click");
  await flushPromises();
  expect(shown.text()).not.toContain("Something is missing");
});
