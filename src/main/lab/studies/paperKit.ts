import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";

import { stringify } from "yaml";

import { toDiskError } from "#main/files/diskError.ts";
import { writeNewFile } from "#main/files/writeNewFile.ts";
import { packZip, type ZipEntry } from "#main/files/zip.ts";
import type { LabContext } from "#main/lab/labContext.ts";
import { drawGenotype } from "#shared/space/drawing/drawGenotype.ts";
import { genotypeToJson } from "#shared/space/spaces/spaces.ts";
import { fillChecklist, toChecklistText } from "#shared/studies/checklist.ts";
import { toComparisonTable, toResultTable } from "#shared/studies/latexTables.ts";
import type { StudyPlan } from "#shared/studies/study.ts";
import { drawAnytimeCurves } from "#shared/studies/studyFigures.ts";
import type { StudyResults } from "#shared/studies/studyResults.ts";

import { readRunFiles } from "./runFiles.ts";
import { showStudyReport } from "./reportFile.ts";
import { showStudyResults } from "./studyReport.ts";
import { findStudy } from "./studies.ts";

/** Packs a study's paper kit: tables, figures, settings, architectures, environment, checklist, and the hashes of all. Throws LabError. */
export async function packPaperKit(lab: LabContext, idOrName: string): Promise<Buffer> {
  const study = await findStudy(lab, idOrName);
  const results = await showStudyResults(lab, study.plan.id);
  const { files, environment } = await readRunFiles(lab, study);
  const entries: ZipEntry[] = [
    text("README.md", describeKit(study.plan)),
    text("study.yaml", await readText(study.paths.source)),
    text("results.json", `${JSON.stringify(results, null, 2)}\n`),
    text("tables/results.tex", toResultTable(study.plan, results)),
    text("tables/comparisons.tex", toComparisonTable(study.plan, results)),
    text("checklist.md", toChecklistText(fillChecklist(study.plan, results, environment))),
    ...drawFigures(results),
    ...listConfigs(study.plan),
    ...listArchitectures(results),
    ...files.map(({ path, content }) => text(path, content)),
    text("report.html", await showStudyReport(lab, study)),
  ];
  return packZip([...entries, text("SHA256SUMS", hashAll(entries))]);
}

/** Packs a study's paper kit into a new file. Throws LabError, also where the file is there. */
export async function writePaperKit(lab: LabContext, idOrName: string, file: string): Promise<void> {
  await writeNewFile(file, await packPaperKit(lab, idOrName));
}

function describeKit({ name, note, seeds, arms }: StudyPlan): string {
  return [
    `# ${name}`,
    "",
    ...(note === "" ? [] : [note, ""]),
    `${arms.length} arms, ${seeds.length} seeds.`,
    "",
    "- `tables/`: LaTeX (needs the package booktabs)",
    "- `figures/`: SVG",
    "- `configs/`: all settings of each cell",
    "- `architectures/`: what was found, by hash",
    "- `environment/`: computer, engine and versions of each run",
    "- `report.html`: figures, tables and a text on methods, to be read in a browser",
    "- `checklist.md`: good practice, answered from the files",
    "- `SHA256SUMS`: `sha256sum -c SHA256SUMS`",
    "",
  ].join("\n");
}

function drawFigures(results: StudyResults): readonly ZipEntry[] {
  const curves = drawAnytimeCurves(results, "Best score so far of the searches", "light");
  return curves === null ? [] : [text("figures/anytime.svg", curves)];
}

function listConfigs({ cells }: StudyPlan): readonly ZipEntry[] {
  return cells.map(({ key, search, training, evaluation }, index) => {
    const number = String(index + 1).padStart(3, "0");
    const name = key.replace(/[^\p{Letter}\p{Number}]+/gu, "-").slice(0, 60);
    return text(`configs/${number}-${name}.yaml`, stringify({ cell: key, search, training, evaluation }));
  });
}

function listArchitectures({ cells }: StudyResults): readonly ZipEntry[] {
  const found = new Map(
    cells.flatMap(({ genotype, genotypeHash: hash }) =>
      genotype === null || hash === null ? [] : [[hash, genotype] as const],
    ),
  );
  return [...found].flatMap(([hash, genotype]) => [
    text(`architectures/${hash}.json`, genotypeToJson(genotype)),
    text(`figures/architecture-${hash}.svg`, drawGenotype(genotype, { title: hash, theme: "light" })),
  ]);
}

function hashAll(entries: readonly ZipEntry[]): string {
  return entries
    .map(({ path, content }) => `${createHash("sha256").update(content).digest("hex")}  ${path}\n`)
    .join("");
}

function text(path: string, content: string): ZipEntry {
  return { path, content: Buffer.from(content, "utf8") };
}

async function readText(file: string): Promise<string> {
  return readFile(file, "utf8").catch((cause: unknown) => {
    throw toDiskError(`read ${file}`, cause);
  });
}
