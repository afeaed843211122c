import { readFile } from "node:fs/promises";
import { extname, resolve } from "node:path";

import { Option, type Command } from "commander";
import { z } from "zod";

import type { Model } from "#shared/api/evaluations.ts";
import type { ModelFormat } from "#shared/api/models.ts";
import { LabError } from "#shared/labError.ts";

import { EXIT_CODES, type ExitCode } from "#main/cli/exitCodes.ts";
import { formatCount, formatPsnr } from "#main/cli/formats.ts";
import type { RunCommand, Session } from "#main/cli/session.ts";
import { renderTable, type Column } from "#main/cli/table.ts";

interface ExportOptions {
  readonly out: string;
  readonly format?: ModelFormat;
  readonly name?: string;
  readonly card?: string;
}

const EXAMPLES = `
Examples:
  hinas models export RUN --out grey.onnx --name grey
  hinas models export RUN --format safetensors --out grey.safetensors --card words.json
  hinas models import grey.onnx`;

/** Adds `hinas models ls`, `show`, `rm`, `import` and `export`. */
export function addModelsCommand(program: Command, run: RunCommand): void {
  const models = program.command("models").description("list, show, remove, import and export trained networks");
  const onModel = (name: string, description: string, body: (model: string, session: Session) => Promise<ExitCode>) =>
    models
      .command(name)
      .description(description)
      .argument("<model>", "model's name, the beginning of its hash, or a training run")
      .action((model: string, _options: object, command: Command) => run(command, (session) => body(model, session)));
  models
    .command("ls")
    .description("list the models of trainings, imported ones and those that came with the program")
    .action((_options: object, command: Command) => run(command, listModels));
  onModel("show", "show a model's card", showModel);
  onModel("rm", "move an imported model to the lab's trash", removeModel);
  models
    .command("import")
    .description("take a safetensors or ONNX file that this program wrote into the lab")
    .argument("<file>", "the file")
    .action((file: string, _options: object, command: Command) =>
      run(command, (session) => importModel(file, session)),
    );
  models
    .command("export")
    .description("write a model as a file that onnxruntime has been seen to run, and its card beside")
    .argument("<model>", "training run, whose best checkpoint is taken, or a model's name or file")
    .requiredOption("-o, --out <file>", "the file; never over one that is there")
    .addOption(
      new Option("--format <name>", "file format (default: by the file's ending)").choices(["onnx", "safetensors"]),
    )
    .option("--name <name>", "the model's name on its card (default: the run's)")
    .option("--card <file>", "JSON file with what the card is to say in place of what the lab knows")
    .addHelpText("after", EXAMPLES)
    .action((model: string, options: ExportOptions, command: Command) =>
      run(command, (session) => exportModel(model, options, session)),
    );
}

const COLUMNS: readonly Column[] = [
  { heading: "MODEL", align: "left" },
  { heading: "SOURCE", align: "left" },
  { heading: "TAKES", align: "left" },
  { heading: "NOISE", align: "left" },
  { heading: "PARAMETERS", align: "right" },
  { heading: "MULTIPLY-ADDS/PX", align: "right" },
  { heading: "BEST", align: "right" },
  { heading: "NAME", align: "left" },
];

async function listModels({ openLab, terminal, json }: Session): Promise<ExitCode> {
  const models = await (await openLab()).listModels();
  if (json) terminal.printJson(models);
  else if (models.length === 0)
    terminal.say("No models yet; `hinas train` makes one, `hinas models import` takes one in.");
  else terminal.print(renderTable(COLUMNS, models.map(toRow)));
  return EXIT_CODES.good;
}

const SOURCES: Readonly<Record<Model["source"], string>> = {
  training: "training",
  imported: "imported",
  shipped: "in the box",
};

function toRow(model: Model): string[] {
  const { id, source, imageChannels, noiseMap, noise, parameters, multiplyAddsPerPixel, best, name } = model;
  return [
    id,
    SOURCES[source],
    `${imageChannels === 1 ? "grey" : "colour"}${noiseMap ? ", noise map" : ""}`,
    noise,
    formatCount(parameters),
    formatCount(multiplyAddsPerPixel),
    best === null ? "" : formatPsnr(best.psnrDb),
    name,
  ];
}

async function showModel(name: string, { openLab, terminal, json }: Session): Promise<ExitCode> {
  const { model, card } = await (await openLab()).showModel(name);
  if (json) {
    terminal.printJson({ model, card });
    return EXIT_CODES.good;
  }
  const { trainedSigma255: range, figures, coreHours } = card;
  const hours = Object.entries(coreHours).flatMap(([what, value]) =>
    value === null ? [] : [`${what} ${value.toFixed(1)}`],
  );
  const lines: readonly (readonly [string, string])[] = [
    ["model", `${card.name} (${card.hash.slice(0, 8)}, ${SOURCES[model.source]})`],
    ["takes", `${toRow(model)[2] ?? ""} pictures, noise ${model.noise}`],
    ["trained range", range === null ? "not known" : `${range.from} to ${range.to}`],
    ["size", `${formatCount(model.parameters)} parameters, reach ${model.receptiveFieldPx} pixels`],
    ["genotype", `${model.genotypeHash}, ${card.found}`],
    ["trained on", card.data === null ? "not known" : `${card.data.name} (${card.data.fingerprint})`],
    ["recipe", card.recipe],
    ["core hours", hours.length === 0 ? "not known" : hours.join(", ")],
    ...figures.map(
      ({ set, sigma255, psnrDb }) =>
        ["figure", `${set} at ${sigma255 ?? "camera noise"}: ${formatPsnr(psnrDb)}`] as const,
    ),
    ...card.commands.map((command) => ["command", command] as const),
  ];
  for (const [what, value] of lines) terminal.print(`${what.padEnd(14)}${value}`);
  return EXIT_CODES.good;
}

async function removeModel(name: string, { openLab, terminal, json }: Session): Promise<ExitCode> {
  await (await openLab()).removeModel(name);
  if (json) terminal.printJson({ removed: name });
  else terminal.say(`${name} is in the trash now.`);
  return EXIT_CODES.good;
}

async function importModel(file: string, session: Session): Promise<ExitCode> {
  const lab = await session.openLab();
  const model = await lab.importModel({ file: resolve(session.surroundings.workingFolder, file) });
  if (session.json) session.terminal.printJson(model);
  else session.terminal.print(`${model.id}  ${model.name}`);
  return EXIT_CODES.good;
}

async function exportModel(model: string, options: ExportOptions, session: Session): Promise<ExitCode> {
  const { surroundings, terminal, json } = session;
  const file = resolve(surroundings.workingFolder, options.out);
  const format = options.format ?? (extname(file).toLowerCase() === ".onnx" ? "onnx" : "safetensors");
  const words = options.card === undefined ? {} : await readCard(resolve(surroundings.workingFolder, options.card));
  const card = options.name === undefined ? words : { ...words, name: options.name };
  const written = await (await session.openLab()).exportModel({ model, format, file, card });
  if (json) {
    terminal.printJson(written);
    return EXIT_CODES.good;
  }
  terminal.print(written.file);
  terminal.print(written.cardFile);
  terminal.say(
    `  in onnxruntime it gives the lab's own picture; largest difference ${written.largestDifference.toExponential(1)} of the range`,
  );
  return EXIT_CODES.good;
}

async function readCard(file: string): Promise<Record<string, unknown>> {
  try {
    return z.record(z.string(), z.unknown()).parse(JSON.parse(await readFile(file, "utf8")));
  } catch (cause) {
    throw new LabError("bad_config", `--card must be a JSON file with an object, got ${file}`, { cause });
  }
}
