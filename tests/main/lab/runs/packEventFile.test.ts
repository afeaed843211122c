import { expect, it } from "vitest";

import { writeEventFile } from "#main/export/eventFile.ts";
import { listRunScalars } from "#shared/runs/runScalars.ts";

import { openLab } from "#tests/helpers/labHome.ts";

import { prepare, search } from "./scriptedRuns.ts";

it("gives a run's figures, by its name too, as the command line writes them for TensorBoard", async () => {
  const { home, photos } = await prepare();
  const { lab } = openLab(home);
  const { id } = await lab.startSearch(search(photos, "watched"));
  const { createdAt } = await lab.waitForRun(id);
  const scalars = listRunScalars(await lab.readRunEvents(id));
  expect(scalars.map(({ tag }) => tag)).toContain("loss/training");
  const packed = Buffer.from(await lab.packEventFile("watched"), "base64");
  expect(packed.equals(writeEventFile(scalars, Date.parse(createdAt)))).toBe(true);
});
