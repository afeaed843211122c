// @vitest-environment happy-dom
import { enableAutoUnmount } from "@vue/test-utils";
import { afterEach, expect, it, vi } from "vitest";

import { useToasts } from "#renderer/stores/toasts.ts";
import { useSaving } from "#renderer/views/denoise/useSaving.ts";
import { showInWindow } from "#tests/renderer/window.ts";

import { buildItem } from "./denoiseFixtures.ts";

enableAutoUnmount(afterEach);
afterEach(() => vi.unstubAllGlobals());

it("says why a result was not saved, and of no result that it was", async () => {
  const why = "the photo cannot be written: jpeg cannot hold its transparency; choose a background to put behind it";
  vi.stubGlobal("fetch", async () => new Response(why, { status: 400 }));
  const used: ReturnType<typeof useSaving>[] = [];
  await showInWindow({ render: () => null, setup: () => (used.push(useSaving()), {}) }, {});
  const saving = { strength: 1, format: "jpeg", bitDepth: null } as const;
  await used[0]?.saveAll("task", [buildItem(), buildItem({ index: 1 })], saving);
  expect(useToasts().shown.map(({ tone, text }) => [tone, text])).toEqual([["bad", `T${why.slice(1)}`]]);
});
