import { join } from "node:path";

import { formatCount, formatPsnr, formatSsim } from "#main/cli/formats.ts";
import type { Session } from "#main/cli/session.ts";
import { renderTable } from "#main/cli/table.ts";
import type { DerivedArchitecture } from "#shared/api/architectures.ts";
import type { RunSummary } from "#shared/api/runs.ts";
import type { Evaluation } from "#shared/runs/evaluation.ts";

import type { DemoYardstick } from "./demoYardstick.ts";

/** A held-out picture on its way: clean, noisy and denoised files. */
export interface DemoPictures {
  readonly clean: string;
  readonly noisy: string;
  readonly denoised: string;
}

/** Everything the demo made. */
export interface DemoResult {
  readonly folder: string;
  readonly search: RunSummary;
  readonly derived: DerivedArchitecture;
  readonly training: RunSummary;
  readonly evaluation: Evaluation;
  /** Null where the box has no network for grey pictures and this noise. */
  readonly yardstick: DemoYardstick | null;
  readonly pictures: DemoPictures;
}

/** Prints what the demo reached, by which recipe, and where its files are. */
export function printDemoResult(result: DemoResult, { terminal, json }: Session): void {
  if (json) {
    terminal.printJson(result);
    return;
  }
  const { search, derived, training, evaluation, yardstick, pictures, folder } = result;
  terminal.print(renderScores(evaluation, yardstick));
  terminal.print(`recipe     ${evaluation.recipe.name}, mean of ${evaluation.images.length} held-out pictures`);
  terminal.print(
    `network    ${derived.hash}, ${formatCount(evaluation.parameters)} parameters, ` +
      `${formatCount(evaluation.multiplyAddsPerPixel)} multiply-adds per pixel, on ${evaluation.engine}`,
  );
  terminal.print(`picture    ${pictures.clean}`);
  terminal.print(`noisy      ${pictures.noisy}`);
  terminal.print(`denoised   ${pictures.denoised}`);
  terminal.print(`drawing    ${join(folder, "architecture.svg")}`);
  terminal.print(`all files  ${folder}`);
  terminal.print(`runs       ${search.folder}`);
  terminal.print(`           ${training.folder}`);
  terminal.say(`\`hinas denoise ${training.id} PHOTO\` denoises a photo of yours.`);
}

function renderScores({ mean }: Evaluation, yardstick: DemoYardstick | null): string {
  const gain = mean.denoised.psnrDb - mean.noisy.psnrDb;
  const row = (name: string, { psnrDb, ssim }: Evaluation["mean"]["noisy"]) => [
    name,
    formatPsnr(psnrDb),
    formatSsim(ssim),
  ];
  const columns = [
    { heading: "", align: "left" },
    { heading: "PSNR", align: "right" },
    { heading: "SSIM", align: "right" },
  ] as const;
  const rows = [row("noisy", mean.noisy), row("Gaussian blur", mean.blurred), row("the network", mean.denoised)];
  if (yardstick !== null) rows.push(row(`${yardstick.model}, from the box`, yardstick.mean.denoised));
  return `${renderTable(columns, rows)}\nThe network gains ${formatPsnr(gain)} over the noisy pictures.`;
}
