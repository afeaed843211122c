import { existsSync } from "node:fs";
import { resolve } from "node:path";

import { Option, type Command } from "commander";

import type { Lab } from "#shared/api/lab.ts";
import type { Scores } from "#shared/image/scores.ts";
import type { Evaluation } from "#shared/runs/evaluation.ts";

import { EXIT_CODES, type ExitCode } from "#main/cli/exitCodes.ts";
import { formatCount, formatPsnr, formatSsim } from "#main/cli/formats.ts";
import { showPhotos } from "#main/cli/progress.ts";
import type { RunCommand, Session } from "#main/cli/session.ts";
import { addSettingsOptions, type SettingsFlags } from "#main/cli/settingsOptions.ts";
import { renderTable, type Column } from "#main/cli/table.ts";

interface EvalOptions extends SettingsFlags {
  readonly out?: string;
}

const EXAMPLES = `
Examples:
  hinas eval RUN --data set12 --noise 30 --out results
  hinas eval best.safetensors --set evaluation.noiseSeed=1 --json`;

/** Adds `hinas eval`. */
export function addEvalCommand(program: Command, run: RunCommand): void {
  const evaluate = program
    .command("eval")
    .description("measure a trained network on a data set by a named recipe")
    .argument("<model>", "training run, whose best checkpoint is taken, or checkpoint file")
    .addOption(new Option("-o, --out <folder>", "also write the figures there as JSON and CSV"))
    .addHelpText("after", EXAMPLES);
  addSettingsOptions(evaluate, ["data", "noise"], null).action(
    (model: string, options: EvalOptions, command: Command) =>
      run(command, (session) => evaluateModel(model, options, session)),
  );
}

async function evaluateModel(model: string, options: EvalOptions, session: Session): Promise<ExitCode> {
  const { loadSettings } = await import("#main/cli/loadSettings.ts");
  const { evaluation: config } = (await loadSettings("evaluation", options, session)).settings;
  const { out } = options;
  const folder = out === undefined ? null : resolve(session.surroundings.workingFolder, out);
  const lab = await session.openLab();
  await warnOfTrainingData(model, config.data.dataset, lab, session);
  const evaluation = await showPhotos("eval", session.terminal, (onPhoto) =>
    lab.evaluate(model, config, folder, onPhoto),
  );
  if (session.json) session.terminal.printJson(evaluation);
  else printEvaluation(evaluation, session);
  if (folder !== null) session.terminal.say(`Figures written to ${folder}`);
  return EXIT_CODES.good;
}

/** Figures on photos that a network has seen say nothing about other photos. */
async function warnOfTrainingData(model: string, dataset: string, lab: Lab, session: Session): Promise<void> {
  if (existsSync(resolve(session.surroundings.workingFolder, model))) return;
  const run = await lab.showRun(model);
  if (run.dataset !== dataset) return;
  session.terminal.warn(`${run.id} was trained on ${dataset}: these figures say nothing about photos it has not seen.`);
}

const COLUMNS: readonly Column[] = [
  { heading: "IMAGE", align: "left" },
  { heading: "NOISY", align: "right" },
  { heading: "SSIM", align: "right" },
  { heading: "BLURRED", align: "right" },
  { heading: "SSIM", align: "right" },
  { heading: "DENOISED", align: "right" },
  { heading: "SSIM", align: "right" },
  { heading: "8-BIT", align: "right" },
  { heading: "SSIM", align: "right" },
];

function printEvaluation(evaluation: Evaluation, { terminal }: Session): void {
  const { images, mean } = evaluation;
  const rows = images.map((image) => [image.name, ...figuresOf(image)]);
  terminal.print(renderTable(COLUMNS, [...rows, ["mean", ...figuresOf(mean)]]));
  terminal.print(`recipe     ${evaluation.recipe.name}`);
  terminal.print(`data set   ${evaluation.dataset}, ${images.length} ${images.length === 1 ? "image" : "images"}`);
  terminal.print(`network    ${evaluation.model.genotypeHash} from ${evaluation.model.checkpoint}`);
  terminal.print(
    `size       ${formatCount(evaluation.parameters)} parameters, ` +
      `${formatCount(evaluation.multiplyAddsPerPixel)} multiply-adds per pixel`,
  );
  terminal.print(
    `speed      ${evaluation.megapixelsPerSecond.toPrecision(3)} megapixels per second on ${evaluation.engine}, ` +
      `peak memory ${Math.round(evaluation.peakResidentMb)} MB`,
  );
}

function figuresOf(scores: { readonly noisy: Scores; readonly blurred: Scores; readonly denoised: Scores }): string[] {
  const { noisy, blurred, denoised } = scores;
  return [
    ...[noisy, blurred, denoised].flatMap(({ psnrDb, ssim }) => [formatPsnr(psnrDb), formatSsim(ssim)]),
    formatPsnr(denoised.psnr8BitDb),
    formatSsim(denoised.ssim8Bit),
  ];
}
