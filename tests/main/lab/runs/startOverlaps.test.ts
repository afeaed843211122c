import { readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";

import { expect, it } from "vitest";

import { addRunsCommand } from "#main/cli/commands/runsCommand.ts";
import { getRunPaths } from "#main/store/runs/runFolder.ts";
import type { Lab } from "#shared/api/lab.ts";
import { trainConfigSchema } from "#shared/runs/config.ts";

import { callCommand } from "#tests/helpers/callCommand.ts";
import { makeFolder, openLab, writePhotos } from "#tests/helpers/labHome.ts";
import { TINY_GENOTYPE } from "#tests/helpers/tinyGenotype.ts";

async function train(lab: Lab, name: string, dataset: string, tested: readonly string[], startFrom: string | null) {
  const data = { dataset, validationShare: 0.2, test: { kind: "list", names: tested } };
  const config = trainConfigSchema.parse({ name, data, training: { steps: 40, startFrom } });
  const { id } = await lab.startTraining(config, TINY_GENOTYPE);
  return lab.waitForRun(id);
}

const leaks = (lab: Lab, run: string): Promise<string> => callCommand(addRunsCommand, lab, ["runs", "leaks", run]);

it("a training that begins with a network that learnt from its test photos says so in its log, its split and its leaks", async () => {
  const folder = await writePhotos(await makeFolder(), 6);
  // The same pictures under other names in another set.
  const other = await writePhotos(await makeFolder(), 4);
  await writeFile(join(other, "again.png"), await readFile(join(folder, "photo-01.png")));
  const { lab } = openLab(await makeFolder());
  await lab.addDataset({ name: "mine", folder, noisyFolder: null });
  await lab.addDataset({ name: "other", folder: other, noisyFolder: null });

  const first = await train(lab, "first", "mine", ["photo-00.png"], null);
  const same = await train(lab, "same", "mine", ["photo-00.png"], first.id);
  expect(await lab.readRunSplit(same.id)).toMatchObject({ start: [] });
  expect((await lab.findRunLeaks(same.id)).start).toEqual([]);

  const later = await train(lab, "later", "other", ["again.png"], same.id);
  const seen = (network: string) => ({
    network,
    dataset: "mine",
    photos: expect.arrayContaining(["again.png"]) as unknown,
  });
  expect((await lab.readRunSplit(later.id))?.start).toEqual([seen("same"), seen("first")]);
  const said = (await lab.readRunEvents(later.id)).flatMap((event) =>
    event.type === "log" && event.level === "warning" ? [event.message] : [],
  );
  expect(said).toContainEqual(
    expect.stringMatching(/^the network same, which this training begins with, learnt from .*again\.png/),
  );
  expect((await lab.findRunLeaks(later.id)).start).toHaveLength(2);

  // Nobody knows any more what the first learnt from.
  await rm(getRunPaths(first.folder).split);
  const unknown = await train(lab, "unknown", "mine", ["photo-03.png"], first.id);
  expect((await lab.findRunLeaks(unknown.id)).start).toEqual([{ network: "first", dataset: "mine", photos: null }]);
  expect(await leaks(lab, unknown.id)).toMatch(/^Beware: the network first, .* was trained on mine, too, .*\.$/m);
});
