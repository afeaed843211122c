import { chmod, readFile, writeFile } from "node:fs/promises";
import { availableParallelism } from "node:os";
import { delimiter, join } from "node:path";

import { describe, expect, it, onTestFinished, vi } from "vitest";

import { createComputeQueue } from "#main/lab/tasks/computeQueue.ts";

import { makeFolder, openLab, SCRIPTED_WORKER } from "#tests/helpers/labHome.ts";
import { prepare, search, whenState, whenStep } from "./scriptedRuns.ts";

/** Sets a variable for this process, and those that it starts, until the test's end. */
function setVariable(name: string, value: string): void {
  vi.stubEnv(name, value);
  onTestFinished(() => {
    vi.unstubAllEnvs();
  });
}

const part = (count: number): number => Math.max(1, Math.floor(availableParallelism() / count));

describe("several runs at once", () => {
  it("compute each in a process of its own with its part of the threads, and let the next wait", async () => {
    setVariable("TELL_PLACE", "1");
    const { home, photos } = await prepare();
    const { lab } = openLab(home);
    await lab.setPreferences({ engineDevice: "cpu", runsAtOnce: 2 });
    const first = await lab.startSearch(search(photos, "wait at 27"));
    const second = await lab.startSearch(search(photos, "wait at 27"));
    const third = await lab.startSearch(search(photos, "wait at 27"));
    await whenStep(lab, first.id, 27);
    await whenStep(lab, second.id, 27);
    expect((await lab.showRun(third.id)).state).toBe("queued");
    const processes = new Set<number>();
    for (const { id, folder } of [first, second]) {
      const events = await lab.readRunEvents(id);
      for (const event of events) if (event.type === "step") processes.add(event.tensors);
      expect(await readFile(join(folder, "log.txt"), "utf8")).toContain(`cards -1 threads ${part(2)}`);
      const messages = events.flatMap((event) => (event.type === "log" ? [event.message] : []));
      expect(messages).toContainEqual(expect.stringContaining("computes beside other runs, on cpu, "));
    }
    expect(processes.size).toBe(2);
    // A higher wish holds at once.
    await lab.setPreferences({ runsAtOnce: 3 });
    await whenStep(lab, third.id, 27);
    await Promise.all([first, second, third].map(({ id }) => lab.controlRun(id, "stop")));
    for (const { id } of [first, second, third]) await whenState(lab, id, "stopped");
  });

  it("get a card each where there are several", async () => {
    setVariable("TELL_PLACE", "1");
    const folder = await makeFolder();
    const tool = join(folder, "nvidia-smi");
    await writeFile(tool, "#!/bin/sh\necho 'Card, 1, 80 GiB'\necho 'Card, 1, 80 GiB'\n");
    await chmod(tool, 0o755);
    setVariable("PATH", `${folder}${delimiter}${process.env["PATH"] ?? ""}`);
    const options = { getProcesses: () => 2, mayInstall: false, entry: SCRIPTED_WORKER };
    const queue = createComputeQueue({ log: () => undefined, ...options });
    onTestFinished(() => queue.close());
    const said: string[] = [];
    let tellBoth = (): void => undefined;
    const bothAreThere = new Promise<void>((resolve) => (tellBoth = resolve));
    let there = 0;
    const use = (): Promise<string> =>
      queue.use({ onLine: (line) => said.push(line) }, null, async (lease) => {
        await (await lease.getCompute()).describeEngine();
        there += 1;
        if (there === 2) tellBoth();
        await bothAreThere;
        return lease.getPlace().device;
      });
    expect((await Promise.all([use(), use()])).toSorted()).toEqual(["gpu:0", "gpu:1"]);
    const places = said.filter((line) => line.startsWith("cards")).toSorted();
    expect(places).toEqual([`cards 0 threads ${part(2)}`, `cards 1 threads ${part(2)}`]);
  });
});
