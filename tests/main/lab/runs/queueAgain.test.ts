import { readFile, writeFile } from "node:fs/promises";

import { expect, it } from "vitest";

import { getRunPaths } from "#main/store/runs/runFolder.ts";

import { openLab } from "#tests/helpers/labHome.ts";

import { prepare, search } from "./scriptedRuns.ts";

it("queues runs again that waited when their process died, and no others", async () => {
  const { home, photos } = await prepare();
  const { lab } = openLab(home);
  const runs = [await lab.startSearch(search(photos, "waited")), await lab.startSearch(search(photos, "ran"))];
  for (const { id } of runs) await lab.waitForRun(id);
  await lab.close();
  for (const [index, state] of ["queued", "running"].entries()) {
    const { status } = getRunPaths(runs[index]?.folder ?? "");
    const kept = JSON.parse(await readFile(status, "utf8")) as object;
    await writeFile(status, JSON.stringify({ ...kept, state, owner: null }));
  }
  const { lab: again, said } = openLab(home);
  expect((await again.listRuns()).map(({ state }) => state)).toEqual(["interrupted", "interrupted"]);
  await again.queueAgain();
  expect((await again.waitForRun(runs[0]?.id ?? "")).state).toBe("finished");
  expect((await again.showRun(runs[1]?.id ?? "")).state).toBe("interrupted");
  expect(said.filter((line) => line.includes("waits for its turn again"))).toHaveLength(1);
});
