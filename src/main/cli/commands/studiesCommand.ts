import { resolve } from "node:path";

import type { Command } from "commander";

import type { CellReport, StudyDetail, StudySummary } from "#shared/api/studies.ts";

import { confirm } from "#main/cli/confirm.ts";
import { EXIT_CODES, type ExitCode } from "#main/cli/exitCodes.ts";
import { formatPsnr } from "#main/cli/formats.ts";
import type { RunCommand, Session } from "#main/cli/session.ts";
import { engineDeviceOption, runsAtOnceOption } from "#main/cli/optionValues.ts";
import { placesOption } from "#main/cli/studyPlaces.ts";
import { renderTable, type Column } from "#main/cli/table.ts";
import type { StudyPlace } from "#shared/studies/studyPlace.ts";

interface RemoveOptions {
  readonly yes?: boolean;
}

interface ResumeOptions {
  readonly retryFailed?: boolean;
  readonly on?: readonly StudyPlace[];
}

interface ReportOptions {
  readonly kit?: string;
}

const ARGUMENT = ["<study>", "study id, its beginning, or its name"] as const;

/** Adds `hinas studies ls`, `show`, `report`, `pause`, `resume`, `control` and `rm`. */
export function addStudiesCommand(program: Command, run: RunCommand): void {
  const studies = program.command("studies").description("list, show, steer and remove studies");
  const onStudy = (name: string, description: string, body: (id: string, session: Session) => Promise<ExitCode>) =>
    studies
      .command(name)
      .description(description)
      .argument(...ARGUMENT)
      .action((id: string, _options: object, command: Command) => run(command, (session) => body(id, session)));
  studies
    .command("ls")
    .description("list all studies, newest first")
    .action((_options: object, command: Command) => run(command, listStudies));
  onStudy("show", "show a study and its cells", printStudy);
  studies
    .command("report")
    .description("print what a study has found so far: final table, paired comparisons, agreement over seeds, costs")
    .argument(...ARGUMENT)
    .option("--kit <file>", "write LaTeX tables, figures, settings, environment, checklist and hashes as a ZIP")
    .action((id: string, options: ReportOptions, command: Command) =>
      run(command, (session) => reportStudy(id, options, session)),
    );
  onStudy("pause", "pause a study with a checkpoint, also one of another process", pauseStudy);
  studies
    .command("resume")
    .description("go on with a study that was paused or whose process is gone, and stay with it")
    .argument(...ARGUMENT)
    .option("--retry-failed", "try cells that failed again, too")
    .addOption(placesOption())
    .addOption(runsAtOnceOption())
    .addOption(engineDeviceOption())
    .action((id: string, { retryFailed = false, on }: ResumeOptions, command: Command) =>
      run(command, async (session) => {
        const lab = await session.openLab();
        return follow(() => lab.resumeStudy({ id, retryFailed, places: on }), session);
      }),
    );
  onStudy("control", "add random architectures of the same cost to a study, and train them", async (id, session) => {
    const lab = await session.openLab();
    return follow(() => lab.addStudyControl(id), session);
  });
  studies
    .command("rm")
    .description("move a study to the lab's trash; its runs stay")
    .argument(...ARGUMENT)
    .option("-y, --yes", "do not ask")
    .action((id: string, options: RemoveOptions, command: Command) =>
      run(command, (session) => {
        const mayAsk = options.yes === true || session.surroundings.isAttended;
        return mayAsk ? removeStudy(id, options, session) : command.error("error: without a terminal, rm needs --yes");
      }),
    );
}

async function follow(start: () => Promise<StudySummary>, session: Session): Promise<ExitCode> {
  const { followStudy, sayStudyEnd } = await import("#main/cli/followStudy.ts");
  const { study, exitCode } = await followStudy(await session.openLab(), start, session);
  sayStudyEnd(study, session);
  await printStudy(study.id, session);
  return exitCode;
}

const LIST_COLUMNS: readonly Column[] = [
  { heading: "STUDY", align: "left" },
  { heading: "STATE", align: "left" },
  { heading: "DONE", align: "right" },
  { heading: "FAILED", align: "right" },
  { heading: "ARMS", align: "right" },
  { heading: "SEEDS", align: "right" },
  { heading: "ENDS", align: "left" },
  { heading: "NAME", align: "left" },
];

async function listStudies({ openLab, terminal, json }: Session): Promise<ExitCode> {
  const studies = await (await openLab()).listStudies();
  if (json) terminal.printJson(studies);
  else if (studies.length === 0) terminal.say("No studies yet; `hinas study study.yaml` begins one.");
  else terminal.print(renderTable(LIST_COLUMNS, studies.map(toListRow)));
  return EXIT_CODES.good;
}

function toListRow({ id, state, counts, arms, seeds, ends, name }: StudySummary): string[] {
  const total = Object.values(counts).reduce((sum, count) => sum + count, 0);
  const done = `${counts.finished}/${total}`;
  return [id, state, done, String(counts.failed), String(arms.length), String(seeds.length), ends, name];
}

const CELL_COLUMNS: readonly Column[] = [
  { heading: "CELL", align: "left" },
  { heading: "STATE", align: "left" },
  { heading: "GENOTYPE", align: "left" },
  { heading: "TEST", align: "right" },
  { heading: "SEARCH", align: "left" },
  { heading: "TRAINING", align: "left" },
  { heading: "WHY", align: "left" },
];

/** Prints a study and its cells. */
export async function printStudy(id: string, { openLab, terminal, json }: Session): Promise<ExitCode> {
  const study = await (await openLab()).showStudy(id);
  if (json) terminal.printJson(study);
  else printCells(study, terminal);
  return EXIT_CODES.good;
}

function printCells(study: StudyDetail, terminal: Session["terminal"]): void {
  terminal.print(`study     ${study.id}`);
  terminal.print(`name      ${study.name}`);
  terminal.print(`state     ${study.state}${study.reason === null ? "" : `: ${study.reason}`}`);
  terminal.print(`folder    ${study.folder}`);
  terminal.print(renderTable(CELL_COLUMNS, study.cells.map(toCellRow)));
}

function toCellRow({ key, state, genotypeHash, test, searchId, trainingId, reason }: CellReport): string[] {
  const psnr = test === null ? "" : formatPsnr(test.psnrDb);
  return [key, state, genotypeHash ?? "", psnr, searchId ?? "", trainingId ?? "", reason ?? ""];
}

async function reportStudy(id: string, { kit }: ReportOptions, session: Session): Promise<ExitCode> {
  const { terminal, json, surroundings } = session;
  const lab = await session.openLab();
  const results = await lab.showStudyResults(id);
  const { listReport } = await import("#main/cli/studyText.ts");
  if (json) terminal.printJson(results);
  else for (const line of listReport(results)) terminal.print(line);
  if (kit === undefined) return EXIT_CODES.good;
  await lab.writeStudyKit(id, resolve(surroundings.workingFolder, kit));
  terminal.say(`The paper kit is in ${kit}.`);
  return EXIT_CODES.good;
}

async function pauseStudy(id: string, { openLab, terminal, json }: Session): Promise<ExitCode> {
  await (await openLab()).pauseStudy(id);
  if (json) terminal.printJson({ study: id, want: "pause" });
  else terminal.say(`Study ${id} pauses with a checkpoint; \`hinas studies resume ${id}\` goes on.`);
  return EXIT_CODES.good;
}

async function removeStudy(id: string, { yes }: RemoveOptions, session: Session): Promise<ExitCode> {
  const lab = await session.openLab();
  const study = await lab.showStudy(id);
  if (yes !== true && !(await confirm(`Move study ${study.name} to the trash? Its runs stay.`))) return EXIT_CODES.good;
  await lab.removeStudy(study.id);
  if (session.json) session.terminal.printJson({ removed: study.id });
  else session.terminal.say(`Study ${study.id} is in the trash.`);
  return EXIT_CODES.good;
}
