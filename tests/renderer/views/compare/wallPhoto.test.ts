// @vitest-environment happy-dom
import { enableAutoUnmount, flushPromises } from "@vue/test-utils";
import { afterEach, expect, it } from "vitest";
import { defineComponent } from "vue";

import type { Task } from "#shared/api/tasks.ts";
import { LabError } from "#shared/labError.ts";
import { useToasts } from "#renderer/stores/toasts.ts";
import { useWallPhoto } from "#renderer/views/compare/wall/useWallPhoto.ts";
import { showInWindow } from "#tests/renderer/window.ts";

const task: Task = {
  id: "task",
  kind: "denoise",
  title: "a photo",
  state: "running",
  progress: null,
  secondsLeft: null,
  error: null,
  outcome: null,
  createdAt: "2026-01-02T03:04:05.000Z",
  endedAt: null,
};

/** Leaves a wall whose photo cannot be forgotten, and returns what is told of it. */
async function tellOf(failure: Error): Promise<readonly string[]> {
  const told: ReturnType<typeof useToasts>[] = [];
  const host = defineComponent(() => {
    told.push(useToasts());
    const photo = useWallPhoto();
    void photo.start({ dataset: "sample", photo: "sample-001", sigma255: 30, runIds: ["A"] });
    return () => null;
  });
  const answers = { startDenoise: async () => task, cancelTask: () => Promise.reject(failure) };
  const { close } = await showInWindow(host, {}, answers);
  await flushPromises();
  close();
  await flushPromises();
  return told.flatMap(({ shown }) => shown.map(({ text }) => text));
}

enableAutoUnmount(afterEach);

it("tells why a left wall's photo stays on the disk, but not that it is gone already", async () => {
  expect(await tellOf(new LabError("not_found", "task: gone"))).toEqual([]);
  expect(await tellOf(new LabError("disk", "the disk is full"))).toEqual(["The disk is full"]);
});
