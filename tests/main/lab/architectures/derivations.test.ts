import { readFile } from "node:fs/promises";

import { describe, expect, it } from "vitest";

import { searchConfigSchema } from "#shared/runs/config.ts";
import { deriveGenotype } from "#shared/space/cells/derive.ts";
import { parseGenotype } from "#shared/space/cells/genotype.ts";

import { makeFolder, openLab, writePhotos } from "#tests/helpers/labHome.ts";

async function search(name = "") {
  const { lab } = openLab(await makeFolder());
  const dataset = await writePhotos(await makeFolder(), 4);
  const { id } = await lab.startSearch(searchConfigSchema.parse({ name, data: { dataset } }));
  await lab.waitForRun(id);
  return { lab, id };
}

describe("derive", () => {
  it("takes the epoch of the best validation and writes genotype, drawing and explanation", async () => {
    const { lab, id } = await search();
    const derived = await lab.derive(id, null);
    expect(derived.epoch).toBe(2);
    const arch = (await lab.readRunEvents(id)).find((event) => event.type === "arch" && event.epoch === 2);
    if (arch?.type !== "arch") throw new Error("epoch 2 has no arch event");
    expect(derived.genotype).toEqual(deriveGenotype(arch.arch, [1, 1.5, 2]));
    const written: unknown = JSON.parse(await readFile(derived.genotypeFile, "utf8"));
    expect(parseGenotype(written, "file")).toEqual(derived.genotype);
    expect(await readFile(derived.drawingFile, "utf8")).toContain("<svg");
    expect(derived.explanation.length).toBeGreaterThan(3);
    expect((await lab.showRun(id)).genotypeHash).toBe(derived.hash);
    // What the search thought of it goes into the library with it.
    const best = (await lab.showRun(id)).best;
    expect(derived.searchScore?.psnrDb).toBe(best?.psnrDb);
    const [kept] = await lab.listArchitectures();
    expect(kept?.origin).toMatchObject({ searchScore: derived.searchScore });
    expect(kept).toMatchObject(derived.costs);
    expect(derived.costs.memoryBytesPerPixel).toBeGreaterThan(4 * derived.costs.filters);
  });

  it("takes any saved epoch, and tells which there are for another", async () => {
    const { lab, id } = await search();
    const third = await lab.derive(id, 3);
    expect(third.epoch).toBe(3);
    expect(third.hash).not.toBe((await lab.derive(id, 1)).hash);
    await expect(lab.derive(id, 9)).rejects.toThrow("must be a saved one of 1 to 4, got 9");
  });

  it("says that nothing was saved yet", async () => {
    const { lab, id } = await search("diverge at 7");
    await expect(lab.derive(id, null)).rejects.toMatchObject({ kind: "not_found" });
  });
});
