import { once } from "node:events";

import { describe, expect, it } from "vitest";

import { DEFAULT_MEMORY_BUDGET_MB, DEFAULT_PHOTO_BUDGET_MB } from "#shared/image/memoryBudget.ts";
import { searchConfigSchema } from "#shared/runs/config.ts";
import type { RunEvent } from "#shared/runs/runEvent.ts";
import { CLOSE_CODES } from "#shared/api/wire.ts";

import { makeFolder, writePhotos } from "#tests/helpers/labHome.ts";
import { connectWindow, openServer, type TestWindow } from "#tests/helpers/labServer.ts";

async function prepare() {
  const photos = await writePhotos(await makeFolder(), 6);
  const opened = await openServer(await makeFolder());
  await opened.lab.addDataset({ name: "mine", folder: photos, noisyFolder: null });
  const search = (name: string) =>
    searchConfigSchema.parse({ name, data: { dataset: "mine" }, space: { layers: 2, nodes: 2 } });
  return { ...opened, search };
}

const isEnd = (event: RunEvent): boolean => event.type === "state" && event.state === "finished";
const stepsOf = (events: readonly RunEvent[]): readonly number[] =>
  events.flatMap((event) => (event.type === "step" ? [event.step] : []));

async function whenStep({ lab }: TestWindow, id: string, step: number): Promise<void> {
  await expect.poll(async () => (await lab.showRun(id)).step, { timeout: 20_000 }).toBe(step);
}

async function whenEnded(window: TestWindow, id: string): Promise<void> {
  await expect.poll(() => window.newsOf(id).some(isEnd), { timeout: 20_000 }).toBe(true);
}

const unbroken = Array.from({ length: 40 }, (_, index) => index + 1);

describe("windows of a server", () => {
  it("follow a run from a snapshot on, each step once, to its end", async () => {
    const { server, search } = await prepare();
    const window = await connectWindow(server);
    const { id } = await window.lab.startSearch(search("wait at 7"));
    await whenStep(window, id, 7);
    const snapshot = await window.lab.followRun({ id });
    expect(snapshot).toMatchObject({ run: { id }, setup: { kind: "search" }, images: [] });
    await window.lab.controlRun(id, "pause");
    await window.lab.controlRun(id, "run");
    await whenEnded(window, id);
    expect([...snapshot.history.steps.step, ...stepsOf(window.newsOf(id))]).toEqual(unbroken);
    const epochs = window.newsOf(id).flatMap((event) => (event.type === "arch" ? [event.epoch] : []));
    expect(epochs).toEqual([1, 2, 3, 4]);
    const newest = () => window.updates.flatMap(({ runs }) => runs).at(-1);
    await expect.poll(newest).toMatchObject({ id, state: "finished", step: 40 });
  });

  it("hear the same, two at once, and only the one that follows hears the steps", async () => {
    const { server, search } = await prepare();
    const [first, second] = [await connectWindow(server), await connectWindow(server)];
    const { id } = await first.lab.startSearch(search("wait at 7"));
    await first.lab.followRun({ id });
    const listed = second.updates.flatMap(({ runs }) => runs);
    await expect
      .poll(() => [...listed, ...second.updates.flatMap(({ runs }) => runs)].map((run) => run.id))
      .toContain(id);
    await whenStep(first, id, 7);
    await second.lab.controlRun(id, "pause");
    await second.lab.controlRun(id, "run");
    await whenEnded(first, id);
    expect(second.newsOf(id)).toEqual([]);
    await expect.poll(() => second.updates.flatMap(({ runs }) => runs).at(-1)?.state).toBe("finished");
  });

  it("do not miss the end of a run when they connect again after it", async () => {
    const { lab, server, search } = await prepare();
    const before = await connectWindow(server);
    const { id } = await before.lab.startSearch(search("wait at 7"));
    await before.lab.followRun({ id });
    await expect.poll(() => stepsOf(before.newsOf(id)).at(-1)).toBe(7);
    before.socket.terminate();
    await lab.controlRun(id, "pause");
    await lab.controlRun(id, "run");
    await lab.waitForRun(id);
    const after = await connectWindow(server);
    const snapshot = await after.lab.followRun({ id });
    expect(snapshot.run.state).toBe("finished");
    expect(snapshot.history.steps.step).toEqual(unbroken);
    expect(snapshot.history.state).toMatchObject({ type: "state", state: "finished" });
  });

  it("do not slow a run by reading slowly, and hear its end", async () => {
    const { lab, server, search } = await prepare();
    let wake = (): void => undefined;
    const asleep = new Promise<void>((resolve) => (wake = resolve));
    const window = await connectWindow(server, () => asleep);
    const { id } = await window.lab.startSearch(search(""));
    await window.lab.followRun({ id });
    expect((await lab.waitForRun(id)).state).toBe("finished");
    expect(window.newsOf(id).some(isEnd)).toBe(false);
    expect(window.updates.length).toBeLessThanOrEqual(1);
    wake();
    await whenEnded(window, id);
  });

  it("hear no more of a run that they no longer follow", async () => {
    const { lab, server, search } = await prepare();
    const window = await connectWindow(server);
    const { id } = await window.lab.startSearch(search("wait at 7"));
    await window.lab.followRun({ id });
    await window.lab.unfollowRun(id);
    const heard = window.newsOf(id).length;
    await whenStep(window, id, 7);
    await lab.controlRun(id, "stop");
    await lab.waitForRun(id);
    await expect.poll(() => window.updates.flatMap(({ runs }) => runs).at(-1)?.state).toBe("stopped");
    expect(window.newsOf(id)).toHaveLength(heard);
  });

  it("hear what another window changes", async () => {
    const { server } = await prepare();
    const [first, second] = [await connectWindow(server), await connectWindow(server)];
    const heard = () => second.updates.flatMap(({ stale }) => stale);
    await first.lab.saveNoiseProfile({ name: "night", noise: { kind: "gaussian", sigma255: 40 } });
    await expect.poll(heard).toContain("noiseProfiles");
    await first.lab.setPreferences({ theme: "dark" });
    await expect.poll(heard).toContain("preferences");
    expect(await second.lab.getPreferences()).toEqual({
      theme: "dark",
      memoryBudgetMb: DEFAULT_MEMORY_BUDGET_MB,
      photoBudgetMb: DEFAULT_PHOTO_BUDGET_MB,
      denoisingEngine: "auto",
      denoisingDevice: "cpu",
      closing: "ask",
      language: "en",
      notify: false,
      engineDevice: "auto",
      runsAtOnce: 1,
    });
  });

  it("are told that the server ends", async () => {
    const { server } = await prepare();
    const { socket } = await connectWindow(server);
    const closed = once(socket, "close");
    await server.close();
    expect((await closed)[0]).toBe(CLOSE_CODES.shutDown);
  });
});
