import { writeFile } from "node:fs/promises";

import { expect, it } from "vitest";

import { getRunPaths } from "#main/store/runs/runFolder.ts";

import { openLab } from "#tests/helpers/labHome.ts";

import { prepare, search } from "./scriptedRuns.ts";

it("keeps the name, star, tags and notes that people give a run, through a rebuilt index too", async () => {
  const { home, photos } = await prepare();
  const { lab } = openLab(home);
  const { id, folder } = await lab.startSearch(search(photos, "dull"));
  await lab.waitForRun(id);
  expect((await lab.showRun(id)).label).toBeUndefined();
  await lab.labelRun({ id, label: { name: "Bright", tags: ["night", "night", "cat"] } });
  const labelled = await lab.labelRun({ id, label: { isStarred: true, note: "look at epoch 3" } });
  const label = { name: "Bright", isStarred: true, isArchived: false, tags: ["night", "cat"], note: "look at epoch 3" };
  expect(labelled).toMatchObject({ name: "Bright", label });
  await lab.rebuildStore();
  expect((await lab.listRuns())[0]).toMatchObject({ name: "Bright", label });
  expect((await lab.showRun("bright")).id).toBe(id);
  expect((await lab.labelRun({ id, label: { name: null } })).name).toBe("dull");
  await lab.labelRun({ id, label: { isArchived: true } });
  expect((await lab.labelRun({ id, label: { note: "" } })).label).toMatchObject({ isArchived: true, isStarred: true });
  // As the first versions wrote it.
  await writeFile(getRunPaths(folder).label, JSON.stringify({ name: null, isStarred: true, tags: [], note: "" }));
  expect((await lab.showRun(id)).label).toMatchObject({ isArchived: false, isStarred: true });
  // A run is whole without what people say of it.
  await writeFile(getRunPaths(folder).label, "not JSON");
  expect((await lab.showRun(id)).label).toBeUndefined();
});
