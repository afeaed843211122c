import { createHash } from "node:crypto";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";

import { expect, it } from "vitest";

import { makeFolder, openLab, writePhotos } from "#tests/helpers/labHome.ts";
import { unpackZip } from "#tests/helpers/unpackZip.ts";

it("a study's report and paper kit have its table, comparison, curves, settings, environment and checklist, with hashes", async () => {
  const home = await makeFolder();
  const photos = await writePhotos(await makeFolder(), 6);
  const { lab } = openLab(home);
  const yaml = `
name: 50% & more
seeds: 2
base:
  data: { dataset: ${photos}, validationShare: 0.34 }
  space: { layers: 2, nodes: 2 }
axes:
  budget:
    short_one: { search: { epochs: 1, warmupEpochs: 0 } }
ends: training
tuning: { coreHours: 3, note: By hand. }
`;
  const { id } = await lab.startStudy({ yaml, place: "study.yaml", withControl: true });
  await lab.waitForStudy(id);
  const results = await lab.showStudyResults(id);
  // The scripted worker says 25 dB at best, whatever it trains.
  expect(results.arms.map(({ arm, seeds, psnrDb }) => [arm, seeds, psnrDb?.mean])).toEqual([
    ["short_one", 2, 25],
    ["short_one (random control)", 2, 25],
  ]);
  expect(results.comparisons).toMatchObject([{ seeds: 2, difference: 0 }]);
  expect(results.agreements).toMatchObject([{ arm: "short_one", architectures: 2, meanSharedEdges: 1 }]);
  expect(results.curves[0]?.points.at(-1)?.mean).toBeCloseTo(0.75);
  expect(results.coreHours.runs).toBeGreaterThan(0);
  const files = await unpackZip(Buffer.from(await lab.packStudyKit(id), "base64"));
  const names = [...files.keys()];
  for (const name of ["README.md", "study.yaml", "results.json", "checklist.md", "figures/anytime.svg", "SHA256SUMS"]) {
    expect(names).toContain(name);
  }
  expect(names.filter((name) => name.startsWith("configs/"))).toHaveLength(4);
  expect(names.filter((name) => name.startsWith("environment/"))).toHaveLength(6);
  expect(files.get("tables/results.tex")).toContain("short\\_one (random control) & 2/2 & 25.000 & 0.000");
  expect(files.get("tables/results.tex")).toContain("50\\% \\& more");
  expect(files.get("checklist.md")).toContain("Random architectures of the same multiply-adds were trained alike");
  for (const line of (files.get("SHA256SUMS") ?? "").trim().split("\n")) {
    const [hash = "", name = ""] = line.split("  ");
    expect(
      createHash("sha256")
        .update(files.get(name) ?? "")
        .digest("hex"),
    ).toBe(hash);
  }
  const file = join(home, "kit.zip");
  await writeFile(file, "");
  await expect(lab.writeStudyKit(id, file)).rejects.toThrow("exists already");
});
