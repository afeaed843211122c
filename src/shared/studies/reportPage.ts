import type { Baseline, Evaluation, Versions } from "#shared/runs/evaluation.ts";
import { type BaselineFigure, listBaselineFigures } from "#shared/runs/baselineFigures.ts";

import type { StudyPlan } from "./study.ts";
import type { StudyResults } from "./studyResults.ts";

/** A test of what a cell trained. */
export interface CellTest extends Pick<Evaluation, "dataset" | "recipe"> {
  readonly baselines?: readonly Baseline[] | undefined;
  readonly key: string;
  readonly photos: number;
  readonly mean: Versions;
}

/** All that a report shows. */
export interface ReportContent {
  readonly plan: StudyPlan;
  readonly results: StudyResults;
  readonly tests: readonly CellTest[];
  /** SVG documents by what they show. */
  readonly figures: ReadonlyMap<string, string>;
  readonly methods: readonly string[];
  readonly writtenAt: string;
}

type Row = readonly (string | number)[];

const STYLE = `
:root { color-scheme: light dark; --line: #d5d9e0; --faint: #5b6472 }
@media (prefers-color-scheme: dark) { :root { --line: #3a424e; --faint: #a3adba } }
body { max-width: 62rem; margin: 2rem auto; padding: 0 1.5rem; font: 1rem/1.6 system-ui, sans-serif }
table { width: 100%; border-collapse: collapse; font-variant-numeric: tabular-nums }
th, td { padding: 0.3rem 0.6rem; border-bottom: 1px solid var(--line); text-align: right }
th:first-child, td:first-child { text-align: left }
figure { margin: 1.5rem 0; overflow-x: auto }
figure svg { max-width: 100%; height: auto; border-radius: 8px }
figcaption, .faint { color: var(--faint); font-size: 0.875rem }`;

/** Writes what a study found as one HTML page without anything outside it: tables, figures, a text on methods. */
export function toReportPage({ plan, results, tests, figures, methods, writtenAt }: ReportContent): string {
  const drawings = [...figures].map(
    ([caption, svg]) => `<figure>${svg}<figcaption>${escape(caption)}</figcaption></figure>`,
  );
  return [
    `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>${escape(plan.name)}</title>`,
    `<style>${STYLE}</style></head><body><h1>${escape(plan.name)}</h1>`,
    ...(plan.note === "" ? [] : [`<p>${escape(plan.note)}</p>`]),
    `<p class="faint">Begun ${escape(plan.createdAt)}, written ${escape(writtenAt)}</p>`,
    "<h2>Results</h2>",
    toTable(
      ["", "Cells", "PSNR (dB)", "Parameters", "Multiply-adds per pixel", "Search (core h)", "Training (core h)"],
      listArms(results),
    ),
    ...(tests.length === 0 ? [] : ["<h2>Tests</h2>", ...tests.map(writeTest)]),
    ...(drawings.length === 0 ? [] : ["<h2>Figures</h2>", ...drawings]),
    "<h2>Methods</h2>",
    ...methods.map((sentence) => `<p>${escape(sentence)}</p>`),
    "</body></html>",
    "",
  ].join("\n");
}

function listArms({ arms }: StudyResults): readonly Row[] {
  return arms.map((arm) => [
    arm.arm,
    `${arm.seeds} of ${arm.cells}`,
    arm.psnrDb === null ? "" : toFigure(arm.psnrDb.mean, arm.seeds > 1 ? arm.psnrDb.deviation : null),
    arm.parameters === null ? "" : Math.round(arm.parameters),
    arm.multiplyAddsPerPixel === null ? "" : Math.round(arm.multiplyAddsPerPixel),
    arm.searchCoreHours.toFixed(2),
    arm.trainingCoreHours.toFixed(2),
  ]);
}

function writeTest(test: CellTest): string {
  const { key, dataset, photos, recipe, mean } = test;
  const rows = [
    toRow("Noisy", mean.noisy),
    toRow("Best Gaussian blur", mean.blurred),
    ...listBaselineFigures(test).map((figure) => toRow(`${figure.name} (${originOf(figure)})`, figure)),
    toRow("The network", mean.denoised),
  ];
  const caption = `${key}: ${photos} photos of ${dataset}, recipe ${recipe.name}`;
  return `${toTable(["", "PSNR (dB)", "SSIM", "HaarPSI"], rows)}<p class="faint">${escape(caption)}</p>`;
}

function originOf({ origin }: BaselineFigure): string {
  return origin === "measured" ? "measured on the same pixels" : "published";
}

interface ReportedScores {
  readonly psnrDb: number;
  readonly ssim: number | null;
  readonly haarPsi?: number | null | undefined;
}

function toRow(name: string, { psnrDb, ssim, haarPsi }: ReportedScores): Row {
  return [name, psnrDb.toFixed(3), ssim?.toFixed(4) ?? "", haarPsi?.toFixed(4) ?? ""];
}

function toFigure(mean: number, deviation: number | null): string {
  return `${mean.toFixed(3)}${deviation === null ? "" : ` ± ${deviation.toFixed(3)}`}`;
}

function toTable(head: readonly string[], rows: readonly Row[]): string {
  const cells = (row: Row, tag: string): string =>
    row.map((cell) => `<${tag}>${escape(String(cell))}</${tag}>`).join("");
  const body = rows.map((row) => `<tr>${cells(row, "td")}</tr>`).join("");
  return `<table><thead><tr>${cells(head, "th")}</tr></thead><tbody>${body}</tbody></table>`;
}

function escape(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");
}
