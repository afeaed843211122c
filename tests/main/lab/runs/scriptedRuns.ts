import { expect } from "vitest";

import type { Lab } from "#shared/api/lab.ts";
import { searchConfigSchema } from "#shared/runs/config.ts";
import type { RunEvent } from "#shared/runs/runEvent.ts";

import { makeFolder, openLab, SCRIPTED_WORKER, writePhotos } from "#tests/helpers/labHome.ts";
import { startScript } from "#tests/helpers/runInProcess.ts";

export async function prepare(): Promise<{ home: string; photos: string }> {
  return { home: await makeFolder(), photos: await writePhotos(await makeFolder(), 6) };
}

export function search(dataset: string, name = ""): Parameters<Lab["startSearch"]>[0] {
  return searchConfigSchema.parse({ name, data: { dataset, validationShare: 0.34 }, space: { layers: 2, nodes: 2 } });
}

export function stepsOf(events: readonly RunEvent[]): number[] {
  return events.flatMap((event) => (event.type === "step" ? [event.step] : []));
}

export function statesOf(events: readonly RunEvent[]): string[] {
  return events.flatMap((event) => (event.type === "state" ? [event.state] : []));
}

export const unbroken = Array.from({ length: 40 }, (_, index) => index + 1);

/** Resolves when a run has told of a step; the events in the folder are the witness. */
export async function whenStep(lab: Lab, id: string, step: number): Promise<void> {
  await expect.poll(async () => stepsOf(await lab.readRunEvents(id)).at(-1), { timeout: 20_000 }).toBe(step);
}

export async function whenState(lab: Lab, id: string, state: string): Promise<void> {
  await expect.poll(async () => (await lab.showRun(id)).state, { timeout: 20_000 }).toBe(state);
}

/** Starts a search in a process of its own and kills that process while the search waits. */
export async function startAndKill(home: string, photos: string, name: string): Promise<{ id: string }> {
  const script = `
    import { createLab } from "#main/lab/lab.ts";
    const [home, config, computeEntry] = process.argv.slice(1);
    const lab = createLab({ home, log: console.error, computeEntry });
    await lab.startSearch(JSON.parse(config));
    setInterval(() => {}, 1000);`;
  const { child, ended } = startScript(script, home, JSON.stringify(search(photos, name)), SCRIPTED_WORKER);
  const { lab } = openLab(home);
  await expect.poll(async () => (await lab.listRuns()).length, { timeout: 20_000 }).toBe(1);
  const [run] = await lab.listRuns();
  const id = run?.id ?? "";
  await whenStep(lab, id, 27);
  child.kill("SIGKILL");
  await ended;
  return { id };
}
