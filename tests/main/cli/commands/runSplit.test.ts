import { describe, expect, it } from "vitest";

import { addRunsCommand } from "#main/cli/commands/runsCommand.ts";
import type { Lab } from "#shared/api/lab.ts";
import { searchConfigSchema } from "#shared/runs/config.ts";
import type { RunSplit } from "#shared/runs/runSplit.ts";

import { callCommand } from "#tests/helpers/callCommand.ts";
import { makeFolder, openLab, writePhotos } from "#tests/helpers/labHome.ts";

const call = (lab: Lab, args: readonly string[], json = false): Promise<string> =>
  callCommand(addRunsCommand, lab, ["runs", ...args], json);

async function prepare() {
  const { lab } = openLab(await makeFolder());
  await lab.addDataset({ name: "mine", folder: await writePhotos(await makeFolder(), 6), noisyFolder: null });
  const data = { dataset: "mine", test: { kind: "list", names: ["photo-04.png"] } };
  const { id } = await lab.startSearch(searchConfigSchema.parse({ data, space: { layers: 2, nodes: 2 } }));
  await lab.waitForRun(id);
  return { lab, id };
}

describe("the split of a run", () => {
  it("is shown part by part, each photo with the beginning of its hash, and as JSON in full", async () => {
    const { lab, id } = await prepare();
    const { split } = JSON.parse(await call(lab, ["show", id, "--split"], true)) as { split: RunSplit };
    expect(split.parts).toMatchObject({ test: ["photo-04.png"], validation: ["photo-05.png"] });
    const text = await call(lab, ["show", id, "--split"]);
    const hash = split.files?.["photo-04.png"]?.[0]?.slice(0, 12) ?? "none";
    expect(text).toContain(`test, 1 photo\n  photo-04.png  ${hash}\n`);
    expect(text.match(/^\w+, \d+ photos?$/gm)).toEqual([
      "weights, 2 photos",
      "architecture, 2 photos",
      "validation, 1 photo",
      "test, 1 photo",
    ]);
    expect(JSON.parse(await call(lab, ["show", id], true))).not.toHaveProperty("split");
  });

  it("is looked through for near-duplicates", async () => {
    const { lab, id } = await prepare();
    const report = JSON.parse(await call(lab, ["leaks", id], true)) as object;
    expect(report).toMatchObject({ training: "mine", test: "mine", compared: { training: 4, test: 2 } });
    expect(await call(lab, ["leaks", id])).toContain("Of 2 photos of mine, ");
  });
});
