import { resolve } from "node:path";

import type { Command } from "commander";

import { EXIT_CODES, type ExitCode } from "#main/cli/exitCodes.ts";
import type { RunCommand, Session } from "#main/cli/session.ts";
import { engineDeviceOption, runsAtOnceOption } from "#main/cli/optionValues.ts";
import { describePlaces, placesOption } from "#main/cli/studyPlaces.ts";
import type { StudyPlace } from "#shared/studies/studyPlace.ts";

interface StudyOptions {
  readonly withControl?: boolean;
  readonly dryRun?: boolean;
  readonly on?: readonly StudyPlace[];
  readonly yes?: boolean;
}

/** A study's text is written by hand. */
const MOST_BYTES = 1_000_000;

const EXAMPLES = `
A study tries every combination of its axes (space, strategy, estimator, budget) with every seed:
  name: Does random search do as well?
  seeds: 3
  base: { data: { dataset: mine }, search: { epochs: 20 } }
  axes:
    strategy:
      gradient: {}
      random:
        search: { strategy: { kind: random, candidates: 20 }, estimator: { kind: short_training } }
  ends: training      # or search, or evaluation

Examples:
  hinas study study.yaml --dry-run
  hinas study study.yaml --with-control
  hinas study study.yaml --on cluster:8 --on here
  hinas studies show "Does random search do as well?"`;

/** Adds `hinas study`. */
export function addStudyCommand(program: Command, run: RunCommand): void {
  program
    .command("study")
    .description("compare ways of searching: run every combination of a study's axes with every seed")
    .argument("<file>", "the study, a YAML file")
    .option("--with-control", "also train random architectures of the same cost as those that were found")
    .addOption(placesOption())
    .addOption(runsAtOnceOption())
    .addOption(engineDeviceOption())
    .option("--dry-run", "print what would be done and stop")
    .option("-y, --yes", "start also what takes more than a day here, without asking")
    .addHelpText("after", EXAMPLES)
    .action((file: string, options: StudyOptions, command: Command) =>
      run(command, (session) => runStudy(file, options, session)),
    );
}

async function runStudy(file: string, options: StudyOptions, session: Session): Promise<ExitCode> {
  const { terminal, json, surroundings } = session;
  const { readRegularFile } = await import("#main/files/readRegularFile.ts");
  const bytes = await readRegularFile(resolve(surroundings.workingFolder, file), MOST_BYTES);
  const text = {
    yaml: bytes.toString("utf8"),
    place: file,
    withControl: options.withControl === true,
    places: options.on,
  };
  const lab = await session.openLab();
  const { agreeToLongStudy, describeStudyTime } = await import("#main/cli/agreeToLong.ts");
  const preview = await lab.previewStudy(text);
  if (options.dryRun === true) {
    if (json) terminal.printJson(preview);
    else {
      terminal.print(
        `${preview.name}: ${preview.arms.length} arms, ${preview.seeds.length} seeds, ${preview.cells} cells`,
      );
      for (const { name } of preview.arms) terminal.print(`  ${name}`);
      terminal.print(`one after the other: ${describeStudyTime(preview.time)}`);
      if (options.on !== undefined) terminal.print(`on ${describePlaces(options.on)}`);
    }
    return EXIT_CODES.good;
  }
  // What other computers take for it nobody knows here.
  const isHere = options.on === undefined || options.on.every(({ site }) => site === null);
  const less = "fewer seeds, steps or epochs take less";
  if (isHere) await agreeToLongStudy(preview.time, less, options.yes === true, session);
  const { followStudy, sayStudyEnd } = await import("#main/cli/followStudy.ts");
  const { study, exitCode } = await followStudy(lab, () => lab.startStudy(text), session);
  sayStudyEnd(study, session);
  const { printStudy } = await import("#main/cli/commands/studiesCommand.ts");
  await printStudy(study.id, session);
  return exitCode;
}
