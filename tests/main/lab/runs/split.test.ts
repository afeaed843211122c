import { readFile } from "node:fs/promises";

import { expect, it } from "vitest";

import { getRunPaths } from "#main/store/runs/runFolder.ts";
import { runSplitSchema } from "#main/store/runs/runSplit.ts";

import { openLab } from "#tests/helpers/labHome.ts";

import { prepare, search } from "./scriptedRuns.ts";

it("a run keeps which photos have which part, and runs with the same split have the same hash", async () => {
  const { home, photos } = await prepare();
  const { lab } = openLab(home);
  const splits = [];
  for (const name of ["first", "second"]) {
    const { id, folder } = await lab.startSearch(search(photos, name));
    await lab.waitForRun(id);
    splits.push(runSplitSchema.parse(JSON.parse(await readFile(getRunPaths(folder).split, "utf8"))));
  }
  const [first, second] = splits;
  expect(Object.keys(first?.parts ?? {})).toEqual(["weights", "architecture", "validation"]);
  const names = Object.values(first?.parts ?? {}).flat();
  expect(new Set(names).size).toBe(names.length);
  expect(names.length).toBeGreaterThan(2);
  expect(second).toEqual(first);
});
