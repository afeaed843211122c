import { join } from "node:path";

import { type Command, Option } from "commander";

import { EXIT_CODES, type ExitCode } from "#main/cli/exitCodes.ts";
import { engineDeviceOption, parseCount } from "#main/cli/optionValues.ts";
import type { RunCommand, Session } from "#main/cli/session.ts";
import type { Lab } from "#shared/api/lab.ts";
import type { TonightWish } from "#shared/api/studies.ts";

interface TonightOptions {
  readonly data: string;
  readonly test?: string;
  readonly preset: string;
  readonly seed: number;
  readonly name?: string;
  readonly dryRun?: true;
  readonly yes?: boolean;
}

const EXAMPLES = `
Search, derivation, training and test, one after the other, as a study of one cell. It goes on by itself when the program starts
again (\`hinas serve\`, the window), and ends with a report beside it: figures, tables and a text on methods.

Examples:
  hinas tonight --data mine --test set12
  hinas tonight --data mine --test set12 --preset quick --dry-run > tonight.yaml`;

/** Adds `hinas tonight`. */
export function addTonightCommand(program: Command, run: RunCommand): void {
  program
    .command("tonight")
    .description("search, derive, train and test in one go, with a report in the morning")
    .requiredOption("--data <name>", "data set to search and train on")
    .option("--test <name>", "data set to test on (default: another one that there is)")
    .addOption(new Option("-p, --preset <preset>", "settings of search and training").default("overnight"))
    .addOption(new Option("--seed <n>", "seed of every random draw").argParser(parseCount).default(0))
    .option("--name <text>", "a name for people")
    .addOption(engineDeviceOption())
    .option("--dry-run", "print the study that it is and stop")
    .option("-y, --yes", "start also what takes more than a day, without asking")
    .addHelpText("after", EXAMPLES)
    .action((options: TonightOptions, command: Command) => run(command, (session) => runTonight(options, session)));
}

async function runTonight(options: TonightOptions, session: Session): Promise<ExitCode> {
  const { terminal, json } = session;
  const lab = await session.openLab();
  const wish = await toWish(options, lab);
  if (wish.testDataset === wish.dataset) {
    terminal.warn(
      `${wish.dataset} is trained on and tested on: such figures say nothing about photos it has not seen.`,
    );
  }
  if (options.dryRun === true) {
    const yaml = await lab.previewTonight(wish);
    if (json) terminal.printJson({ yaml });
    else terminal.print(yaml.trimEnd());
    return EXIT_CODES.good;
  }
  const { agreeToLongStudy } = await import("#main/cli/agreeToLong.ts");
  const { time } = await lab.previewStudy({
    yaml: await lab.previewTonight(wish),
    place: "tonight",
    withControl: false,
  });
  const less = "--preset overnight or --preset quick take less";
  await agreeToLongStudy(time, less, options.yes === true, session);
  const { followStudy, sayStudyEnd } = await import("#main/cli/followStudy.ts");
  const { study, exitCode } = await followStudy(lab, () => lab.startTonight(wish), session);
  sayStudyEnd(study, session);
  const { printStudy } = await import("#main/cli/commands/studiesCommand.ts");
  await printStudy(study.id, session);
  if (study.state === "finished") terminal.say(`Report: ${join(study.folder, "report.html")}`);
  return exitCode;
}

/** Photos that were trained on test nothing, so that any other set is better. */
async function toWish({ data, test, preset, seed, name }: TonightOptions, lab: Lab): Promise<TonightWish> {
  const others = (await lab.listDatasets()).filter((set) => set.name !== data && !set.isMissing);
  const testDataset = test ?? others[0]?.name ?? "sample";
  return { dataset: data, testDataset, preset, seed, name: name ?? null };
}
