import { existsSync } from "node:fs";
import { resolve } from "node:path";

import { Option, type Command } from "commander";

import {
  type DenoiseInput,
  type DenoisedFile,
  type DenoiseProgress,
  ONNX_DEVICE_NAMES,
  ONNX_DEVICES,
  type OnnxDevice,
} from "#shared/api/denoising.ts";
import { DEFAULT_MEMORY_BUDGET_MB } from "#shared/image/memoryBudget.ts";

import { EXIT_CODES, EXIT_CODE_OF_KIND, type ExitCode } from "#main/cli/exitCodes.ts";
import { parseMemoryBudget, parseShare, parseSigma } from "#main/cli/optionValues.ts";
import { createProgress, type Progress } from "#main/cli/progress.ts";
import { addSavingOptions, readSaving, type SavingFlags } from "#main/cli/savingOptions.ts";
import type { RunCommand, Session } from "#main/cli/session.ts";
import { hasPhotoExtension } from "#main/photos/photoFormat.ts";

interface DenoiseOptions extends SavingFlags {
  readonly model?: string;
  readonly out?: string;
  readonly strength: number;
  readonly sigma?: number;
  readonly selfEnsemble?: true;
  readonly memory: number;
  readonly device?: OnnxDevice;
}

const EXAMPLES = `
Examples:
  hinas denoise photo.jpg                        by the model that fits it best
  hinas denoise RUN photo.png
  hinas denoise RUN ~/scans --out ~/clean --memory 512
  hinas denoise best.safetensors photo.tif --strength 0.7 --format png --depth 16
  hinas denoise ~/holiday --out ~/web --format jpeg --quality 85 --longest-side 2048 --metadata no-location`;

/** Adds `hinas denoise`. */
export function addDenoiseCommand(program: Command, run: RunCommand): void {
  const command = program
    .command("denoise")
    .description("denoise photos; the sources are never overwritten")
    .argument(
      "<model-or-input...>",
      "a model (training run, name or file) and photos and folders, or these alone: then each photo gets the model that fits it",
    )
    .option("-m, --model <model>", "training run, whose best checkpoint is taken, or a model's name or file")
    .option("-o, --out <folder>", "folder for the results (default: beside each source)")
    .addOption(
      new Option("--strength <share>", "0 leaves a photo as it is, 1 denoises fully").argParser(parseShare).default(1),
    )
    .addOption(
      new Option(
        "--sigma <noise>",
        "noise in the photos on the 0..255 scale, for networks that are told it (default: estimated)",
      ).argParser(parseSigma),
    )
    .option(
      "--self-ensemble",
      "average the results of the photo's eight orientations: a little better, eight times slower",
    )
    .addOption(
      new Option("--memory <MB>", "memory budget; smaller means smaller tiles")
        .argParser(parseMemoryBudget)
        .default(DEFAULT_MEMORY_BUDGET_MB),
    )
    .addOption(
      new Option(
        "--device <name>",
        "what onnxruntime computes on (default: engine and device of the settings; `hinas doctor` lists what is there)",
      ).choices(ONNX_DEVICES),
    )
    .addHelpText("after", EXAMPLES);
  addSavingOptions(command).action((args: readonly string[], options: DenoiseOptions) =>
    run(command, (session) => {
      const { model, inputs } = readArguments(args, options, session);
      if (inputs.length === 0) return command.error("error: missing required argument 'input'");
      return denoise(model, inputs, options, session);
    }),
  );
}

/** The first argument is a photo or folder where there is one by that name, else the model, as a model's file is. */
function readArguments(
  args: readonly string[],
  { model }: DenoiseOptions,
  { surroundings }: Session,
): { readonly model: string | null; readonly inputs: readonly string[] } {
  const [first = "", ...rest] = args;
  if (model !== undefined) return { model, inputs: args };
  const isInput = existsSync(resolve(surroundings.workingFolder, first)) && !/\.(safetensors|onnx)$/i.test(first);
  return isInput || hasPhotoExtension(first) ? { model: null, inputs: args } : { model: first, inputs: rest };
}

async function denoise(
  model: string | null,
  inputs: readonly string[],
  options: DenoiseOptions,
  session: Session,
): Promise<ExitCode> {
  const fromHere = (path: string) => resolve(session.surroundings.workingFolder, path);
  const lab = await session.openLab();
  const progress = createProgress(session.terminal);
  const input: DenoiseInput = {
    model,
    inputs: inputs.map(fromHere),
    outputFolder: options.out === undefined ? null : fromHere(options.out),
    strength: options.strength,
    memoryBudgetMb: options.memory,
    ...readSaving(options),
    addNoise: null,
    noiseSeed: 0,
    sigma255: options.sigma ?? null,
    selfEnsemble: options.selfEnsemble === true,
    device: options.device ?? null,
  };
  let files: readonly DenoisedFile[];
  try {
    files = await lab.denoise(input, (now) => reportProgress(now, progress));
  } finally {
    progress.clear();
  }
  if (session.json) session.terminal.printJson(files);
  else for (const file of files) printFile(file, session);
  const skipped = describeSkipped(files);
  if (skipped !== null) session.terminal.warn(skipped);
  return exitCodeOf(files);
}

/** Counts tiles, as if every file had as many as the present one. */
function reportProgress(now: DenoiseProgress, progress: Progress): void {
  progress.report({
    label: "denoise",
    done: now.filesDone * now.tilesTotal + now.tilesDone,
    total: now.filesTotal * now.tilesTotal,
    unit: "tiles",
    detail: now.filesTotal > 1 ? `photo ${Math.min(now.filesDone + 1, now.filesTotal)} of ${now.filesTotal}` : "",
  });
}

/**
 * Says what was not done because its result was there already: whoever asked for another quality, or for no location, must not take
 * that for an answer. Null where all was done.
 */
export function describeSkipped(files: readonly Pick<DenoisedFile, "skipped">[]): string | null {
  const count = files.filter(({ skipped }) => skipped).length;
  if (count === 0) return null;
  const stay = count === 1 ? "1 result was there already and stays" : `${count} results were there already and stay`;
  return `${stay} as made then, with that quality and metadata; another --out makes new ones.`;
}

function printFile(file: DenoisedFile, { terminal }: Session): void {
  const { source, output, error, skipped, seconds, megapixels, engine, device, remarks } = file;
  for (const remark of remarks) terminal.say(`  ${remark}`);
  if (error !== null) {
    terminal.warn(`${source}: ${error}`);
    return;
  }
  terminal.print(output ?? source);
  if (skipped) return;
  const place = device === null || device === "cpu" ? "" : ` on ${ONNX_DEVICE_NAMES[device]}`;
  const by = engine === null ? "" : ` by ${engine}${place}`;
  terminal.say(`  ${megapixels.toFixed(2)} megapixels in ${seconds.toFixed(1)} s${by}`);
}

/** Where all files failed for like reasons, the code says which. */
export function exitCodeOf(files: readonly Pick<DenoisedFile, "error" | "errorKind">[]): ExitCode {
  const failed = files.filter((file) => file.error !== null);
  if (failed.length < files.length) return failed.length === 0 ? EXIT_CODES.good : EXIT_CODES.someFailed;
  const codes = new Set(
    failed.map(({ errorKind }) => (errorKind === null ? EXIT_CODES.failed : EXIT_CODE_OF_KIND[errorKind])),
  );
  const [code = EXIT_CODES.good] = codes;
  return codes.size > 1 ? EXIT_CODES.failed : code;
}
