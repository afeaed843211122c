import { cp, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { brotliDecompressSync } from "node:zlib";

import { describe, expect, it } from "vitest";

import { makeFolder, openLab } from "#tests/helpers/labHome.ts";

/**
 * A home as version 0.1.0 left it, its database packed: a search, the training of what was derived from it, an evaluation of
 * that, a noise profile and a preference. Its runs were done without an engine, so that their checkpoints hold no network.
 */
const HOME = join(import.meta.dirname, "home-of-0.1.0");
const SEARCH = "01M8MZQ1R7FEBT4E1R53WW3H8Y";
const TRAINING = "01M8MZQZPFKGSZWZ6230W01PAZ";

/** Unpacks the home in a place of its own, as after a move to another disk. */
async function unpack(): Promise<string> {
  const home = await makeFolder();
  await cp(HOME, home, { recursive: true });
  const packed = join(home, "lab.sqlite.br");
  await writeFile(join(home, "lab.sqlite"), brotliDecompressSync(await readFile(packed)));
  await rm(packed);
  return home;
}

describe("a home of version 0.1.0", () => {
  it("opens with everything in it, wherever it lies now", async () => {
    const home = await unpack();
    const { lab } = openLab(home);
    const runs = await lab.listRuns();
    expect(runs).toMatchObject([
      { id: TRAINING, kind: "train", state: "finished", name: "kept training", best: { step: 20, psnrDb: 25 } },
      { id: SEARCH, kind: "search", state: "finished", name: "kept search", genotypeHash: "acdad46e" },
    ]);
    expect(runs.map(({ folder }) => folder)).toEqual([TRAINING, SEARCH].map((id) => join(home, "runs", `run-${id}`)));
    const [evaluation] = await lab.listEvaluations({ runId: TRAINING });
    expect(await lab.showEvaluation(evaluation?.id ?? "")).toMatchObject({ runId: TRAINING, runName: "kept training" });
    expect(await lab.listArchitectures()).toMatchObject([{ hash: "acdad46e" }]);
    expect(await lab.listNoiseProfiles()).toMatchObject([{ name: "kept profile" }]);
    expect(await lab.getPreferences()).toMatchObject({ memoryBudgetMb: 1234 });
    expect((await lab.readRunEvents(SEARCH)).filter(({ type }) => type === "validation")).toHaveLength(4);
  });

  it("is rebuilt from its folders alone", async () => {
    const home = await unpack();
    await rm(join(home, "lab.sqlite"));
    const { lab } = openLab(home);
    expect(await lab.rebuildStore()).toEqual({ runs: 2, problems: [] });
    expect((await lab.listRuns()).map(({ id }) => id)).toEqual([TRAINING, SEARCH]);
    expect(await lab.listEvaluations({ runId: TRAINING })).toHaveLength(1);
  });
});
