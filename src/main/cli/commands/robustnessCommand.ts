import { mkdir } from "node:fs/promises";
import { join, resolve } from "node:path";

import { type Command, Option } from "commander";

import { warnOfTrainingData } from "#main/cli/commands/evalCommand.ts";
import { EXIT_CODES, type ExitCode } from "#main/cli/exitCodes.ts";
import { engineDeviceOption, parseSigmas } from "#main/cli/optionValues.ts";
import { showPhotos } from "#main/cli/progress.ts";
import { type FoundCurves, renderRobustness, robustnessToCsv } from "#main/cli/robustnessText.ts";
import type { RunCommand, Session } from "#main/cli/session.ts";
import { addSettingsOptions, type SettingsFlags } from "#main/cli/settingsOptions.ts";
import type { Model } from "#shared/api/evaluations.ts";
import type { Lab } from "#shared/api/lab.ts";
import type { EvaluationConfig } from "#shared/runs/config.ts";
import type { Evaluation } from "#shared/runs/evaluation.ts";
import { buildRobustness, listRobustnessTests, type MeasuredTest, ROBUSTNESS_SIGMAS } from "#shared/runs/robustness.ts";

interface RobustnessOptions extends SettingsFlags {
  readonly sigma: readonly number[];
  readonly pairs?: string;
  readonly box: boolean;
  readonly out?: string;
  readonly split?: "test";
}

const EXAMPLES = `
Examples:
  hinas robustness RUN --data set12
  hinas robustness RUN OTHER --data bsd68 --pairs sidd --out curves
  hinas robustness RUN --split test
  hinas robustness grey --data set12 --sigma 15,25,50 --no-box --json

BM3D is measured where a Python has it (see \`hinas eval --baselines\`); published figures stand in for it on known sets.`;

/** Adds `hinas robustness`. */
export function addRobustnessCommand(program: Command, run: RunCommand): void {
  const robustness = program
    .command("robustness")
    .description("measure networks over noise of many levels, beside blur, BM3D and the networks in the box")
    .argument("<models...>", "training runs, or models by name or file")
    .addOption(
      new Option("--sigma <levels>", "levels of Gaussian noise").argParser(parseSigmas).default(ROBUSTNESS_SIGMAS),
    )
    .addOption(new Option("--pairs <names>", "also measure on these sets of camera pairs, separated by commas"))
    .addOption(
      new Option("--split <part>", "the photos that each training kept for its test; the box has no such networks")
        .choices(["test"])
        .conflicts("data"),
    )
    .addOption(new Option("--no-box", "leave the networks in the box out"))
    .addOption(new Option("-o, --out <folder>", "also write the curves there as JSON and CSV"))
    .addOption(engineDeviceOption())
    .addHelpText("after", EXAMPLES);
  addSettingsOptions(robustness, ["data"], null).action(
    (models: readonly string[], options: RobustnessOptions, command: Command) =>
      run(command, (session) => measure(models, options, session)),
  );
}

async function measure(models: readonly string[], options: RobustnessOptions, session: Session): Promise<ExitCode> {
  const configs = await loadConfigs(options, session);
  const lab = await session.openLab();
  const datasets = new Set(configs.flatMap(({ data }) => (data.part === "test" ? [] : [data.dataset])));
  for (const model of models) await warnOfTrainingData(model, datasets, lab, session);
  const tests: MeasuredTest[] = [];
  for (const model of models) tests.push(...(await measureModel(lab, model, configs, tests, session)));
  const boxed = options.box && options.split === undefined ? await listBoxed(lab, models, tests) : [];
  for (const { name } of boxed) tests.push(...(await measureModel(lab, name, configs, tests, session)));
  const networks = [...models, ...boxed.map(({ name }) => name)];
  const found = listRobustnessTests(tests).map((test) => ({ test, curves: buildRobustness(tests, test, networks) }));
  if (session.json) session.terminal.printJson(found);
  else session.terminal.print(found.map(renderRobustness).join("\n\n"));
  await write(found, options, session);
  return EXIT_CODES.good;
}

/** One test for each level, and one for each set of pairs. */
async function loadConfigs(options: RobustnessOptions, session: Session): Promise<readonly EvaluationConfig[]> {
  const { loadSettings } = await import("#main/cli/loadSettings.ts");
  const load = async (changes: SettingsFlags): Promise<EvaluationConfig> =>
    (await loadSettings("evaluation", { ...options, ...changes }, session)).settings.evaluation;
  const configs: EvaluationConfig[] = [];
  const part = options.split === undefined ? [] : [`evaluation.data.part=${options.split}`];
  const set = [...(options.set ?? []), ...part];
  for (const sigma of options.sigma) configs.push(await load({ noise: String(sigma), set }));
  const sets = options.pairs?.split(",").map((name) => name.trim()) ?? []; // none where nobody asks
  for (const data of sets) configs.push(await load({ data, noise: "paired" }));
  return configs;
}

/** The classical methods get the same noisy pixels whatever the network, so that the first one of its channels brings them. */
async function measureModel(
  lab: Lab,
  model: string,
  configs: readonly EvaluationConfig[],
  before: readonly MeasuredTest[],
  { terminal }: Session,
): Promise<readonly MeasuredTest[]> {
  const withBaselines = before.length === 0;
  const wanted = configs.map((config) => ({ ...config, baselines: config.baselines || withBaselines }));
  const evaluations = await showPhotos(`robustness of ${model}`, terminal, (onPhoto) =>
    lab.evaluateAll(model, wanted, null, onPhoto),
  );
  return evaluations.map((evaluation) => toTest(model, evaluation));
}

function toTest(network: string, { dataset, images, recipe, mean, baselines }: Evaluation): MeasuredTest {
  return { network, dataset, photos: images.length, recipe, mean, baselines };
}

/** The networks in the box that take the pictures that were measured, but for those that were named. */
async function listBoxed(
  lab: Lab,
  models: readonly string[],
  tests: readonly MeasuredTest[],
): Promise<readonly Model[]> {
  const channels = new Set(tests.map(({ recipe }) => recipe.channels));
  return (await lab.listModels()).filter(
    ({ id, name, source, imageChannels }) =>
      source === "shipped" &&
      channels.has(imageChannels === 1 ? "grey" : "colour") &&
      !models.includes(name) &&
      !models.includes(id),
  );
}

async function write(found: readonly FoundCurves[], { out }: RobustnessOptions, session: Session): Promise<void> {
  if (out === undefined) return;
  const { toDiskError } = await import("#main/files/diskError.ts");
  const { writeFileAtomically } = await import("#main/files/writeFileAtomically.ts");
  const folder = resolve(session.surroundings.workingFolder, out);
  await mkdir(folder, { recursive: true }).catch((cause: unknown) => {
    throw toDiskError(`create ${folder}`, cause);
  });
  await writeFileAtomically(join(folder, "robustness.json"), `${JSON.stringify(found, null, 2)}\n`);
  await writeFileAtomically(join(folder, "robustness.csv"), robustnessToCsv(found));
  session.terminal.say(`Curves written to ${folder}`);
}
