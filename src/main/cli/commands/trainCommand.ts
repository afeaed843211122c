import { existsSync } from "node:fs";
import { resolve } from "node:path";

import { Option, type Command } from "commander";

import type { Lab } from "#shared/api/lab.ts";
import type { RunSummary } from "#shared/api/runs.ts";
import { LabError } from "#shared/labError.ts";
import { listNonDefaults } from "#shared/runs/configDiff.ts";
import type { AnyGenotype } from "#shared/space/spaces/spaces.ts";

import type { ExitCode } from "#main/cli/exitCodes.ts";
import { engineDeviceOption, parseCount } from "#main/cli/optionValues.ts";
import { ANY_ENGINE } from "#main/cli/resumeRun.ts";
import type { RunCommand, Session } from "#main/cli/session.ts";
import type { SettingsLayer } from "#main/config/layer.ts";
import type { ResolvedConfig } from "#main/config/resolveConfig.ts";
import { siteOption } from "#main/cli/startAt.ts";
import { addSettingsOptions, type SettingsFlags } from "#main/cli/settingsOptions.ts";

interface TrainOptions extends SettingsFlags {
  readonly epoch?: number;
  readonly resume?: string;
  readonly anyEngine?: boolean;
  readonly dryRun?: boolean;
  readonly on?: string;
  readonly jsonl?: boolean;
  readonly yes?: boolean;
}

const EXAMPLES = `
Examples:
  hinas train RUN --noise 30 --steps 20000
  hinas train genotype.json --data mine --set training.optimiser.kind=adam
  hinas train 1a2b3c4d --config settings.yaml
  hinas train 1a2b3c4d --set training.startFrom=RUN
  hinas train --resume RUN`;

/** Adds `hinas train`. */
export function addTrainCommand(program: Command, run: RunCommand): void {
  const train = program
    .command("train")
    .description("train a derived network from scratch")
    .argument("[architecture]", "genotype file, hash of an architecture of the library, or search run")
    .addOption(
      new Option("--epoch <n>", "take this epoch of the search run instead of its best")
        .argParser(parseCount)
        .conflicts("resume"),
    )
    .addOption(new Option("--resume <run>", "go on with an earlier training from its last checkpoint"))
    .option(...ANY_ENGINE)
    .addOption(new Option("--dry-run", "print what would be done and stop").conflicts("resume"))
    .addOption(siteOption())
    .option("-y, --yes", "start also what takes more than a day, without asking")
    .option("--jsonl", "print every event as a line of JSON, and the result as the last")
    .addOption(engineDeviceOption())
    .addHelpText("after", EXAMPLES);
  addSettingsOptions(train, ["data", "test", "noise", "steps", "seed", "name"], "resume").action(
    (architecture: string | undefined, options: TrainOptions, command: Command) => {
      if ((architecture === undefined) === (options.resume === undefined)) {
        command.error("error: give either an architecture or --resume RUN");
      }
      return run(command, (session) => runTraining(architecture ?? null, options, session));
    },
  );
}

async function runTraining(architecture: string | null, options: TrainOptions, session: Session): Promise<ExitCode> {
  const { resume, on: site } = options;
  if (resume !== undefined && site !== undefined) {
    const { startAt } = await import("#main/cli/startAt.ts");
    return startAt((lab) => lab.resumeRunAt(site, resume), session);
  }
  if (resume !== undefined) {
    const { resumeRun } = await import("#main/cli/resumeRun.ts");
    return followTraining((lab) => resumeRun(lab, resume, "train", options.anyEngine === true), options, session);
  }
  if (architecture === null) throw new Error("train: there must be an architecture or a run to resume, got neither");
  const { loadSettings } = await import("#main/cli/loadSettings.ts");
  // Wrong settings are told before anything is derived.
  const { data } = (await loadSettings("train", options, session)).settings;
  const { genotype, search } = await loadArchitecture(architecture, options.epoch ?? null, data.dataset, session);
  const resolved = await loadSettings("train", options, session, search);
  if (search !== null) sayTakenOver(search, resolved, session);
  const job = { kind: "train", settings: resolved.settings, genotype } as const;
  if (options.dryRun !== true) {
    const { agreeToLong } = await import("#main/cli/agreeToLong.ts");
    await agreeToLong(await session.openLab(), job, options.yes === true, session);
    if (site === undefined) {
      return followTraining((lab) => lab.startTraining(resolved.settings, genotype), options, session);
    }
    const { startAt } = await import("#main/cli/startAt.ts");
    return startAt((lab) => lab.startTrainingAt(site, resolved.settings, genotype), session);
  }
  const { networkCost } = await import("#shared/space/graph/costModel.ts");
  const { printDryRun } = await import("#main/cli/dryRun.ts");
  const { buildNetworkGraph } = await import("#shared/space/spaces/spaces.ts");
  const cost = networkCost(buildNetworkGraph({ genotype, ...resolved.settings.network }));
  return printDryRun(resolved, cost, job, session, site ?? null);
}

/** What is to be trained; `search` holds what a training takes over from the search, where it comes from one. */
interface Chosen {
  readonly genotype: AnyGenotype;
  readonly search: SettingsLayer | null;
}

/** Takes the genotype of a file, of an architecture of the library, or of a search run's best or given epoch; `dataset` is trained on. */
async function loadArchitecture(
  architecture: string,
  epoch: number | null,
  dataset: string,
  session: Session,
): Promise<Chosen> {
  const file = resolve(session.surroundings.workingFolder, architecture);
  if (existsSync(file)) {
    refuseEpoch(epoch, `genotype file ${architecture}`);
    const { readGenotypeFile } = await import("#main/cli/readGenotypeFile.ts");
    return { genotype: await readGenotypeFile(file), search: null };
  }
  const lab = await session.openLab();
  const kept = (await lab.listArchitectures()).find((each) => each.hash === architecture);
  if (kept !== undefined) {
    refuseEpoch(epoch, `architecture ${architecture}`);
    return { genotype: kept.genotype, search: null };
  }
  const { id } = await lab.showRun(architecture);
  const { genotype, hash, epoch: derivedEpoch } = await lab.derive(id, epoch);
  session.terminal.say(`Genotype ${hash} from epoch ${derivedEpoch} of ${architecture}`);
  const setup = await lab.showRunSetup(id);
  if (setup.kind !== "search") throw new Error(`train: only a search can be derived from, got the ${setup.kind} ${id}`);
  const { searchLayer } = await import("#main/config/layerSources.ts");
  const { space, data } = setup.config;
  // What the search kept for a test is not to be trained on either.
  const test = data.test.kind === "none" || data.dataset !== dataset ? null : data.test;
  return { genotype, search: searchLayer(architecture, space, test) };
}

/** Names the settings that a search has put in the place of the defaults. */
function sayTakenOver(search: SettingsLayer, { settings, placeOf }: ResolvedConfig<"train">, session: Session): void {
  const place = search.placeOf(["network"]);
  const taken = [...listNonDefaults("train", settings)].filter(([path]) => placeOf(path) === place);
  if (taken.length === 0) return;
  session.terminal.say(`From ${place}: ${taken.map(([path, value]) => `${path}=${String(value)}`).join(", ")}`);
}

function refuseEpoch(epoch: number | null, what: string): void {
  if (epoch !== null) throw new LabError("bad_config", `--epoch goes with a search run, got the ${what}`);
}

async function followTraining(
  start: (lab: Lab) => Promise<RunSummary>,
  { jsonl }: TrainOptions,
  session: Session,
): Promise<ExitCode> {
  const { followRun, sayEnd } = await import("#main/cli/followRun.ts");
  const lab = await session.openLab();
  const followed = await followRun(lab, () => start(lab), { jsonLines: jsonl === true }, session);
  const { run, exitCode } = followed;
  const { terminal } = session;
  sayEnd(followed, session);
  if (jsonl === true) terminal.printJsonLine({ type: "result", run });
  else if (session.json) terminal.printJson({ run });
  else terminal.print(`run       ${run.id}`);
  if (run.state === "finished")
    terminal.say(`\`${await commandToMeasure(lab, run.id)}\` measures it, \`hinas denoise ${run.id} PHOTO\` uses it.`);
  return exitCode;
}

/** Photos that were kept for a test are the first to measure on. */
async function commandToMeasure(lab: Lab, id: string): Promise<string> {
  const { data } = (await lab.showRunSetup(id)).config;
  return data.test.kind === "none" ? `hinas eval ${id}` : `hinas eval ${id} --split test`;
}
