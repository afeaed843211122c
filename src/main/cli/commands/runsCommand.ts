import { createInterface } from "node:readline/promises";

import type { Command } from "commander";

import type { Candidate, RunSummary } from "#shared/api/runs.ts";
import { secondsLeft } from "#shared/runs/secondsLeft.ts";

import { EXIT_CODES, type ExitCode } from "#main/cli/exitCodes.ts";
import { formatCount, formatDuration, formatPsnr, formatSsim } from "#main/cli/formats.ts";
import { ANY_ENGINE } from "#main/cli/resumeRun.ts";
import type { RunCommand, Session } from "#main/cli/session.ts";
import { renderTable, type Column } from "#main/cli/table.ts";

interface RemoveOptions {
  readonly yes?: boolean;
}

interface ResumeOptions {
  readonly anyEngine?: boolean;
}

interface ShowOptions {
  readonly candidates?: boolean;
}

/** Adds `hinas runs ls`, `show`, `rm`, `pause`, `resume` and `stop`. */
export function addRunsCommand(program: Command, run: RunCommand): void {
  const runs = program.command("runs").description("list, show, steer and remove runs");
  const onRun = (name: string, description: string, body: (id: string, session: Session) => Promise<ExitCode>) =>
    runs
      .command(name)
      .description(description)
      .argument("<run>", "run id, or its beginning")
      .action((id: string, _options: object, command: Command) => run(command, (session) => body(id, session)));
  runs
    .command("ls")
    .description("list all runs, newest first")
    .action((_options: object, command: Command) => run(command, listRuns));
  runs
    .command("show")
    .description("show a run")
    .argument("<run>", "run id, or its beginning")
    .option("--candidates", "list the architectures that it tried, too")
    .action((id: string, options: ShowOptions, command: Command) =>
      run(command, (session) => showRun(id, options, session)),
    );
  onRun("pause", "pause a running run, also one of another process", (id, session) => controlRun(id, "pause", session));
  runs
    .command("resume")
    .description("go on with a paused run, or take up one that ended early from its last checkpoint")
    .argument("<run>", "run id, or its beginning")
    .option(...ANY_ENGINE)
    .action((id: string, options: ResumeOptions, command: Command) =>
      run(command, (session) => resumeRun(id, options, session)),
    );
  onRun("stop", "stop a run with a checkpoint, also one of another process", (id, session) =>
    controlRun(id, "stop", session),
  );
  runs
    .command("rm")
    .description("move runs to the lab's trash")
    .argument("<run...>", "run ids, or their beginnings")
    .option("-y, --yes", "do not ask")
    .action((ids: readonly string[], options: RemoveOptions, command: Command) =>
      run(command, (session) => {
        const mayAsk = options.yes === true || session.surroundings.isAttended;
        return mayAsk ? removeRuns(ids, options, session) : command.error("error: without a terminal, rm needs --yes");
      }),
    );
}

const COLUMNS: readonly Column[] = [
  { heading: "RUN", align: "left" },
  { heading: "KIND", align: "left" },
  { heading: "STATE", align: "left" },
  { heading: "STEP", align: "right" },
  { heading: "BEST", align: "right" },
  { heading: "DATA SET", align: "left" },
  { heading: "GENOTYPE", align: "left" },
  { heading: "CREATED", align: "left" },
  { heading: "NAME", align: "left" },
];

async function listRuns({ openLab, terminal, json }: Session): Promise<ExitCode> {
  const runs = await (await openLab()).listRuns();
  if (json) terminal.printJson(runs);
  else if (runs.length === 0) terminal.say("No runs yet; `hinas demo` makes the first.");
  else terminal.print(renderTable(COLUMNS, runs.map(toRow)));
  return EXIT_CODES.good;
}

function toRow(run: RunSummary): string[] {
  return [
    run.id,
    run.kind,
    run.state,
    `${run.step}/${run.totalSteps}`,
    run.best === null ? "" : formatPsnr(run.best.psnrDb),
    run.dataset,
    run.genotypeHash ?? "",
    run.createdAt,
    run.name,
  ];
}

const CANDIDATE_COLUMNS: readonly Column[] = [
  { heading: "STEP", align: "right" },
  { heading: "GENOTYPE", align: "left" },
  { heading: "SCORE", align: "right" },
  { heading: "PARAMETERS", align: "right" },
  { heading: "MULTIPLY-ADDS/PX", align: "right" },
];

async function showRun(id: string, options: ShowOptions, { openLab, terminal, json }: Session): Promise<ExitCode> {
  const lab = await openLab();
  const run = await lab.showRun(id);
  const candidates = options.candidates === true ? await lab.listCandidates(run.id) : null;
  if (json) {
    terminal.printJson(candidates === null ? run : { ...run, candidates });
    return EXIT_CODES.good;
  }
  const best =
    run.best === null
      ? "none yet"
      : `${formatPsnr(run.best.psnrDb)}, SSIM ${formatSsim(run.best.ssim)} at step ${run.best.step}`;
  const left = secondsLeft(run);
  const rows: readonly (readonly [string, string])[] = [
    ["run", run.id],
    ["name", run.name],
    ["kind", run.kind],
    ["state", run.reason === null ? run.state : `${run.state}: ${run.reason}`],
    ["step", `${run.step} of ${run.totalSteps}${left === null ? "" : `, about ${formatDuration(left)} left`}`],
    ["best", best],
    ["data set", `${run.dataset}, fingerprint ${run.datasetFingerprint}`],
    ["genotype", run.genotypeHash ?? "none yet"],
    ["engine", run.engine ?? "not started yet"],
    ["created", run.createdAt],
    ["folder", run.folder],
  ];
  for (const [name, value] of rows) terminal.print(`${name.padEnd(10)}${value}`);
  if (candidates !== null) terminal.print(renderTable(CANDIDATE_COLUMNS, candidates.map(toCandidateRow)));
  return EXIT_CODES.good;
}

function toCandidateRow({ step, genotypeHash, score, parameters, multiplyAddsPerPixel }: Candidate): string[] {
  return [String(step), genotypeHash, score.toFixed(4), formatCount(parameters), formatCount(multiplyAddsPerPixel)];
}

async function controlRun(id: string, want: "pause" | "run" | "stop", session: Session): Promise<ExitCode> {
  const lab = await session.openLab();
  const run = await lab.showRun(id);
  await lab.controlRun(run.id, want);
  if (session.json) session.terminal.printJson({ run: run.id, asked: want });
  else session.terminal.print(`Asked ${run.id} to ${want}.`);
  return EXIT_CODES.good;
}

async function resumeRun(id: string, { anyEngine }: ResumeOptions, session: Session): Promise<ExitCode> {
  const lab = await session.openLab();
  const run = await lab.showRun(id);
  if (run.state === "paused") return controlRun(run.id, "run", session);
  const { followRun, sayEnd } = await import("#main/cli/followRun.ts");
  const start = () => (anyEngine === true ? lab.resumeRunByAnyEngine(run.id) : lab.resumeRun(run.id));
  const followed = await followRun(lab, start, { jsonLines: false }, session);
  sayEnd(followed, session);
  if (session.json) session.terminal.printJson({ run: followed.run });
  else session.terminal.print(`run       ${followed.run.id}`);
  return followed.exitCode;
}

async function removeRuns(ids: readonly string[], { yes }: RemoveOptions, session: Session): Promise<ExitCode> {
  const lab = await session.openLab();
  const runs: RunSummary[] = [];
  for (const id of ids) runs.push(await lab.showRun(id));
  if (yes !== true && !(await confirm(runs))) {
    session.terminal.say("Nothing was removed.");
    return EXIT_CODES.failed;
  }
  for (const { id } of runs) {
    await lab.removeRun(id);
    if (!session.json) session.terminal.print(`${id} is in the trash.`);
  }
  if (session.json) session.terminal.printJson(runs.map(({ id }) => id));
  return EXIT_CODES.good;
}

async function confirm(runs: readonly RunSummary[]): Promise<boolean> {
  const prompt = createInterface({ input: process.stdin, output: process.stderr });
  try {
    const names = runs.map(({ id, name }) => `${id} (${name})`).join(", ");
    return /^y(es)?$/i.test(await prompt.question(`Move ${names} to the trash? [y/N] `));
  } finally {
    prompt.close();
  }
}
