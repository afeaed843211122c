import { expect } from "vitest";

import { runSearch } from "#main/compute/search/searchLoop.ts";
import type { SearchConfig } from "#shared/runs/config.ts";

import { makeContext, makeRunFolder, readAll } from "#tests/main/compute/job/jobs.ts";

/** Searches without interruption: what was told, and the last checkpoint. */
export async function searchWhole(config: SearchConfig) {
  const context = await makeContext();
  const folder = await makeRunFolder();
  await runSearch(context, { config, folder, resume: false });
  return { events: context.events, last: await readAll(folder) };
}

/** Stops at the checkpoint of a step and goes on in the same folder. */
export async function searchBroken(config: SearchConfig, step: number) {
  const folder = await makeRunFolder();
  const first = await makeContext((event, control) => {
    if (event.type === "checkpoint" && event.kind === "last" && event.step === step) control.set("stop");
  });
  expect(await runSearch(first, { config, folder, resume: false })).toEqual({ kind: "stopped", step });
  const second = await makeContext();
  expect(await runSearch(second, { config, folder, resume: true })).toMatchObject({ kind: "finished" });
  return { events: [...first.events, ...second.events], last: await readAll(folder) };
}
