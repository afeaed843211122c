import { existsSync } from "node:fs";
import { resolve } from "node:path";

import { Option, type Command } from "commander";

import type { Model } from "#shared/api/evaluations.ts";
import type { Lab } from "#shared/api/lab.ts";
import type { EvaluationConfig } from "#shared/runs/config.ts";

import { renderEvaluation, renderMatrix } from "#main/cli/evaluationText.ts";
import { EXIT_CODES, type ExitCode } from "#main/cli/exitCodes.ts";
import { engineDeviceOption, parseCount, parseSigmas } from "#main/cli/optionValues.ts";
import { showPhotos } from "#main/cli/progress.ts";
import type { RunCommand, Session } from "#main/cli/session.ts";
import { addSettingsOptions, type SettingsFlags } from "#main/cli/settingsOptions.ts";

interface EvalOptions extends SettingsFlags {
  readonly out?: string;
  readonly sigma?: readonly number[];
  readonly noiseSeeds?: number;
  readonly selfEnsemble?: true;
  readonly protocol?: "whole-image" | "reference-tiles";
  readonly baselines?: true;
  readonly split?: "test";
}

/** As models are found by the beginning of their hash. */
const SHORTEST_HASH = 6;

const EXAMPLES = `
Examples:
  hinas eval RUN --data set12 --noise 30 --out results
  hinas eval RUN --data set12,kodak24 --sigma 15,25,50 --noise-seeds 3 --baselines
  hinas eval RUN --split test --noise 30
  hinas eval best.safetensors --set evaluation.noiseSeed=1 --json`;

/** Adds `hinas eval`. */
export function addEvalCommand(program: Command, run: RunCommand): void {
  const evaluate = program
    .command("eval")
    .description("measure a trained network on one or several data sets by a named recipe")
    .argument("<model>", "training run, whose best checkpoint is taken, or a model's name or file")
    .addOption(new Option("-o, --out <folder>", "also write the figures there as JSON and CSV"))
    .addOption(
      new Option("--sigma <levels>", "Gaussian noise, a test for each level: 15,25,50")
        .argParser(parseSigmas)
        .conflicts("noise"),
    )
    .addOption(
      new Option("--noise-seeds <n>", "means and standard deviations over so many seeds").argParser(parseCount),
    )
    .addOption(new Option("--self-ensemble", "average the results of each photo's eight orientations"))
    .addOption(
      new Option("--protocol <name>", "one draw of noise per photo, or tiles as the authors' code tests").choices([
        "whole-image",
        "reference-tiles",
      ]),
    )
    .addOption(new Option("--baselines", "also measure BM3D and non-local means, where a Python has them"))
    .addOption(
      new Option("--split <part>", "the photos that the training itself kept for its test (see `hinas train --test`)")
        .choices(["test"])
        .conflicts("data"),
    )
    .addOption(engineDeviceOption())
    .addHelpText("after", `${EXAMPLES}\n\nSeveral data sets are separated by commas.`);
  addSettingsOptions(evaluate, ["data", "noise"], null).action(
    (model: string, options: EvalOptions, command: Command) =>
      run(command, (session) => evaluateModel(model, options, session)),
  );
}

async function evaluateModel(model: string, options: EvalOptions, session: Session): Promise<ExitCode> {
  const configs = await loadConfigs(options, session);
  const { out } = options;
  const folder = out === undefined ? null : resolve(session.surroundings.workingFolder, out);
  const lab = await session.openLab();
  const sets = configs.flatMap(({ data }) => (data.part === "test" ? [] : [data.dataset]));
  await warnOfTrainingData(model, new Set(sets), lab, session);
  const evaluations = await showPhotos("eval", session.terminal, (onPhoto) =>
    lab.evaluateAll(model, configs, folder, onPhoto),
  );
  const [first, ...others] = evaluations;
  const isOne = first !== undefined && others.length === 0;
  if (session.json) session.terminal.printJson(isOne ? first : evaluations);
  else session.terminal.print(isOne ? renderEvaluation(first) : renderMatrix(evaluations));
  if (folder !== null) session.terminal.say(`Figures written to ${folder}`);
  return EXIT_CODES.good;
}

/** Settles the settings of each test: every data set at every level, set by set. */
async function loadConfigs(options: EvalOptions, session: Session): Promise<readonly EvaluationConfig[]> {
  const { loadSettings } = await import("#main/cli/loadSettings.ts");
  const set = [...(options.set ?? []), ...assignmentsOf(options)];
  const configs: EvaluationConfig[] = [];
  for (const data of splitDatasets(options.data, session)) {
    for (const sigma of options.sigma ?? [null]) {
      const named = { ...(data === null ? {} : { data }), ...(sigma === null ? {} : { noise: String(sigma) }) };
      const { settings } = await loadSettings("evaluation", { ...options, set, ...named }, session);
      configs.push(settings.evaluation);
    }
  }
  return configs;
}

/** Commas separate data sets, unless there is a folder of that very name. */
function splitDatasets(text: string | undefined, { surroundings }: Session): readonly (string | null)[] {
  if (text === undefined) return [null];
  if (existsSync(resolve(surroundings.workingFolder, text))) return [text];
  return text.split(",").map((name) => name.trim());
}

function assignmentsOf({ noiseSeeds, selfEnsemble, protocol, baselines, split }: EvalOptions): readonly string[] {
  return [
    ...(noiseSeeds === undefined ? [] : [`evaluation.noiseSeeds=${noiseSeeds}`]),
    ...(selfEnsemble === undefined ? [] : ["evaluation.selfEnsemble=true"]),
    ...(protocol === undefined ? [] : [`evaluation.protocol=${protocol.replace("-", "_")}`]),
    ...(baselines === undefined ? [] : ["evaluation.baselines=true"]),
    ...(split === undefined ? [] : [`evaluation.data.part=${split}`]),
  ];
}

/** Warns where a network was trained on what it is measured on: figures on photos that it has seen say nothing about others. */
export async function warnOfTrainingData(
  model: string,
  datasets: ReadonlySet<string>,
  lab: Lab,
  session: Session,
): Promise<void> {
  if (existsSync(resolve(session.surroundings.workingFolder, model))) return;
  const { id, dataset } = (await findWithCard(lab, model)) ?? (await lab.showRun(model));
  if (!datasets.has(dataset)) return;
  const what = `${id} was trained on ${dataset}: these figures say nothing about photos it has not seen.`;
  session.terminal.warn(what);
}

/** A model in the box or an imported one, by its name or the beginning of its hash. */
async function findWithCard(lab: Lab, model: string): Promise<Model | null> {
  const known = (await lab.listModels()).filter(({ runId }) => runId === null);
  const byName = known.find(({ name }) => name === model);
  return (
    byName ??
    known.find(({ id }) => model.length >= SHORTEST_HASH && (id.startsWith(model) || model.startsWith(id))) ??
    null
  );
}
