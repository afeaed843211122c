import { resolve } from "node:path";

import type { Command } from "commander";

import type { DatasetReport } from "#shared/api/datasets.ts";
import { LabError } from "#shared/labError.ts";
import { testPartSchema } from "#shared/runs/testPartSchema.ts";

import { EXIT_CODES, EXIT_CODE_OF_KIND, type ExitCode } from "#main/cli/exitCodes.ts";
import { printLeaks } from "#main/cli/leaksText.ts";
import { showPhotos } from "#main/cli/progress.ts";
import type { RunCommand, Session } from "#main/cli/session.ts";
import { renderTable } from "#main/cli/table.ts";

/** Names listed per kind of trouble before the rest is only counted. */
const LISTED = 10;

interface AddOptions {
  readonly noisy?: string;
  readonly name?: string;
}

/** Adds `hinas data add`, `fetch`, `ls`, `rename`, `move`, `leaks` and `verify`. */
export function addDataCommand(program: Command, run: RunCommand): void {
  const data = program.command("data").description("register, list and verify data sets");
  data
    .command("add")
    .description("register a folder of clean photos, or two folders of pairs; photos stay where they are")
    .argument("<folder>", "clean photos")
    .option("--noisy <folder>", "noisy photos of the same scenes, matched by name")
    .option("--name <name>", "name of the data set (default: the folder's name)")
    .addHelpText("after", "\nExample:\n  hinas data add ~/photos/clean --noisy ~/photos/noisy --name camera")
    .action((folder: string, options: AddOptions, command: Command) =>
      run(command, (session) => addDataset(folder, options, session)),
    );
  addFetchCommand(data, run);
  data
    .command("ls")
    .description("list the registered data sets")
    .action((_options: object, command: Command) => run(command, listDatasets));
  data
    .command("rename")
    .description("give a data set another name; runs that name it by the old one still find it")
    .argument("<name>", "the name that it has")
    .argument("<wanted>", "the name that it gets")
    .action((name: string, wanted: string, _options: object, command: Command) =>
      run(command, (session) => renameDataset(name, wanted, session)),
    );
  data
    .command("move")
    .description("tell where the same photos lie now; other photos are refused")
    .argument("<name>", "data set")
    .argument("<folder>", "where its clean photos are now")
    .option("--noisy <folder>", "where its noisy photos are now")
    .action((name: string, folder: string, { noisy }: { readonly noisy?: string }, command: Command) =>
      run(command, (session) => moveDataset(name, { folder, noisy }, session)),
    );
  data
    .command("leaks")
    .description("find photos of a test set that are near-duplicates of some that are trained on")
    .argument("<training>", "data set that is trained on")
    .argument("<test>", "data set that is tested on; the same one holds its validation photos against the others")
    .option("--test <share|count>", "of one set with itself: also the photos that such a test part would keep")
    .action((training: string, test: string, { test: part }: { readonly test?: string }, command: Command) =>
      run(command, (session) => findLeaks({ training, test, part }, session)),
    );
  data
    .command("verify")
    .description("look at a data set's photos again and tell whether they changed; all data sets without a name")
    .argument("[dataset]", "data set")
    .action((name: string | undefined, _options: object, command: Command) =>
      run(command, (session) => verifyDatasets(name ?? null, session)),
    );
}

/** Adds `hinas data fetch`. */
function addFetchCommand(data: Command, run: RunCommand): void {
  data
    .command("fetch")
    .description("download a public set into the lab's home and register it; without a name, list the public sets")
    .argument("[name]", "public set")
    .option("--again", "download anew what is there already, and compare it with the first download")
    .addHelpText("after", "\nA download that was cut goes on where it was.\n\nExample:\n  hinas data fetch BSD68")
    .action((name: string | undefined, { again = false }: { readonly again?: boolean }, command: Command) =>
      run(command, async (session) => {
        const { fetchDataset, listPublicSets } = await import("#main/cli/publicSets.ts");
        if (name === undefined) return listPublicSets(session);
        return fetchDataset({ name, again }, session, (report) => printReport(report, session));
      }),
    );
}

async function addDataset(folder: string, options: AddOptions, session: Session): Promise<ExitCode> {
  const { workingFolder } = session.surroundings;
  const lab = await session.openLab();
  const input = {
    name: options.name ?? null,
    folder: resolve(workingFolder, folder),
    noisyFolder: options.noisy === undefined ? null : resolve(workingFolder, options.noisy),
  };
  const report = await showPhotos("add", session.terminal, (onPhoto) => lab.addDataset(input, onPhoto));
  if (session.json) session.terminal.printJson(report);
  else printReport(report, session);
  return EXIT_CODES.good;
}

async function listDatasets(session: Session): Promise<ExitCode> {
  const lab = await session.openLab();
  const reports = await lab.listDatasets();
  if (session.json) session.terminal.printJson(reports);
  else if (reports.length === 0) session.terminal.say("No data sets yet; `hinas data add FOLDER` registers one.");
  else session.terminal.print(layOut(reports));
  return EXIT_CODES.good;
}

async function verifyDatasets(name: string | null, session: Session): Promise<ExitCode> {
  const lab = await session.openLab();
  const verify = (each: string) =>
    showPhotos(`verify ${each}`, session.terminal, (onPhoto) => lab.verifyDataset(each, onPhoto));
  if (name === null) return verifyAll(await lab.listDatasets(), verify, session);
  const report = await verify(name);
  if (session.json) session.terminal.printJson(report);
  else printReport(report, session);
  return exitCodeOf(report);
}

/** Verifies one data set after the other, also where one cannot be; the exit code is the highest of all. */
async function verifyAll(
  datasets: readonly DatasetReport[],
  verify: (name: string) => Promise<DatasetReport>,
  { terminal, json }: Session,
): Promise<ExitCode> {
  const outcomes: (DatasetReport | { readonly name: string; readonly error: string })[] = [];
  let worst: ExitCode = EXIT_CODES.good;
  for (const { name } of datasets) {
    let code: ExitCode;
    try {
      const report = await verify(name);
      outcomes.push(report);
      code = exitCodeOf(report);
    } catch (error) {
      if (!(error instanceof LabError)) throw error;
      outcomes.push({ name, error: error.message });
      code = EXIT_CODE_OF_KIND[error.kind];
    }
    if (code > worst) worst = code;
  }
  if (json) terminal.printJson(outcomes);
  else
    for (const outcome of outcomes) {
      if ("error" in outcome) terminal.warn(`${outcome.name}: ${outcome.error}`);
      else printReport(outcome, { terminal });
    }
  return worst;
}

function exitCodeOf({ unchanged }: DatasetReport): ExitCode {
  return unchanged ? EXIT_CODES.good : EXIT_CODES.badInput;
}

function layOut(reports: readonly DatasetReport[]): string {
  const columns = [
    { heading: "NAME", align: "left" },
    { heading: "PHOTOS", align: "right" },
    { heading: "STATE", align: "left" },
    { heading: "FOLDER", align: "left" },
    { heading: "NOISY FOLDER", align: "left" },
  ] as const;
  return renderTable(
    columns,
    reports.map((report) => [
      report.name,
      String(report.photos),
      report.unchanged ? "unchanged" : "changed",
      report.folder,
      report.noisyFolder ?? "",
    ]),
  );
}

function printReport(report: DatasetReport, { terminal }: Pick<Session, "terminal">): void {
  const kind = report.noisyFolder === null ? "clean photos" : "pairs of clean and noisy photos";
  const state = report.unchanged ? "" : terminal.paint("yellow", " (changed since it was added)");
  terminal.print(`${terminal.paint("bold", report.name)}: ${report.photos} ${kind}${state}`);
  terminal.print(`  folder       ${report.folder}`);
  if (report.noisyFolder !== null) terminal.print(`  noisy folder ${report.noisyFolder}`);
  terminal.print(`  fingerprint  ${report.fingerprint}`);
  if (report.download !== null) terminal.print(`  SHA-256      ${report.download.sha256} of the download`);
  warnOf(
    report.skipped.map(({ file, reason }) => `${file}: ${reason}`),
    "left out",
    terminal.warn,
  );
  warnOf(report.unmatchedClean, "clean without a noisy partner", terminal.warn);
  warnOf(report.unmatchedNoisy, "noisy without a clean partner", terminal.warn);
}

function warnOf(names: readonly string[], trouble: string, warn: (line: string) => void): void {
  if (names.length === 0) return;
  warn(`${names.length} ${trouble}:`);
  for (const name of names.slice(0, LISTED)) warn(`  ${name}`);
  if (names.length > LISTED) warn(`  and ${names.length - LISTED} more`);
}

async function renameDataset(name: string, wanted: string, { openLab, terminal, json }: Session): Promise<ExitCode> {
  const report = await (await openLab()).renameDataset(name, wanted);
  if (json) terminal.printJson(report);
  else terminal.say(`${name} is ${report.name} now`);
  return EXIT_CODES.good;
}

async function moveDataset(
  name: string,
  { folder, noisy }: { readonly folder: string; readonly noisy: string | undefined },
  { openLab, terminal, json, surroundings }: Session,
): Promise<ExitCode> {
  const toPath = (path: string): string => resolve(surroundings.workingFolder, path);
  const folders = { folder: toPath(folder), noisyFolder: noisy === undefined ? null : toPath(noisy) };
  const report = await (await openLab()).relocateDataset(name, folders);
  if (json) terminal.printJson(report);
  else terminal.say(`${report.name}: ${report.photos} photos in ${report.folder}`);
  return EXIT_CODES.good;
}

async function findLeaks(
  { training, test, part }: { readonly training: string; readonly test: string; readonly part: string | undefined },
  session: Session,
): Promise<ExitCode> {
  const { readTestPart } = await import("#main/cli/readTestPart.ts");
  const parsed = testPartSchema.safeParse(part === undefined ? { kind: "none" } : readTestPart(part));
  if (!parsed.success) {
    throw new LabError("bad_config", `--test must be none, a share such as 10% or 0.1, or a count from 1, got ${part}`);
  }
  const lab = await session.openLab();
  printLeaks(await lab.findLeaks({ training, test, testPart: parsed.data }), session);
  return EXIT_CODES.good;
}
