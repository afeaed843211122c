import type { Command } from "commander";

import type { Candidate, RunPlace, RunSummary } from "#shared/api/runs.ts";
import { secondsLeft } from "#shared/runs/secondsLeft.ts";

import { addExportRunsCommand } from "#main/cli/commands/exportRunsCommand.ts";
import { addRunLeaksCommand } from "#main/cli/commands/runLeaksCommand.ts";
import { confirm } from "#main/cli/confirm.ts";
import { EXIT_CODES, type ExitCode } from "#main/cli/exitCodes.ts";
import { formatCount, formatDuration, formatMemory, formatPsnr, formatSsim } from "#main/cli/formats.ts";
import { engineDeviceOption } from "#main/cli/optionValues.ts";
import { ANY_ENGINE } from "#main/cli/resumeRun.ts";
import type { RunCommand, Session } from "#main/cli/session.ts";
import { renderSplit } from "#main/cli/splitText.ts";
import { renderTable, type Column } from "#main/cli/table.ts";

interface RemoveOptions {
  readonly yes?: boolean;
}

interface ResumeOptions {
  readonly anyEngine?: boolean;
}

async function fetchRuns({ openLab, terminal, json }: Session): Promise<ExitCode> {
  const runs = await (await openLab()).fetchRuns();
  if (json) terminal.printJson(runs);
  else if (runs.length === 0) terminal.print("No run is at a site.");
  else {
    for (const { id, state, step, totalSteps, place, reason } of runs) {
      const why = place?.detail ?? reason;
      terminal.print(`${id}  ${state} at step ${step} of ${totalSteps}${why === null ? "" : `: ${why}`}`);
    }
  }
  return EXIT_CODES.good;
}

interface ShowOptions {
  readonly candidates?: boolean;
  readonly split?: boolean;
}

/** Adds `hinas runs ls`, `show`, `fetch`, `leaks`, `rm`, `pause`, `resume` and `stop`. */
export function addRunsCommand(program: Command, run: RunCommand): void {
  const runs = program.command("runs").description("list, show, steer and remove runs");
  const onRun = (name: string, description: string, body: (id: string, session: Session) => Promise<ExitCode>) =>
    runs
      .command(name)
      .description(description)
      .argument("<run>", "run id, its beginning, or its name")
      .action((id: string, _options: object, command: Command) => run(command, (session) => body(id, session)));
  runs
    .command("ls")
    .description("list all runs, newest first, but for those that were put away")
    .option("--all", "also those that were put away")
    .action(({ all = false }: { readonly all?: boolean }, command: Command) =>
      run(command, (session) => listRuns(all, session)),
    );
  runs
    .command("show")
    .description("show a run")
    .argument("<run>", "run id, its beginning, or its name")
    .option("--candidates", "list the architectures that it tried, too")
    .option("--split", "list which photos it learns from, validates on and keeps for a test, too")
    .action((id: string, options: ShowOptions, command: Command) =>
      run(command, (session) => showRun(id, options, session)),
    );
  runs
    .command("fetch")
    .description("ask the sites how the runs there are, and bring what is new")
    .action((_options: object, command: Command) => run(command, fetchRuns));
  onRun("pause", "pause a running run, also one of another process", (id, session) => controlRun(id, "pause", session));
  runs
    .command("resume")
    .description("go on with a paused run, or take up one that ended early from its last checkpoint")
    .argument("<run>", "run id, its beginning, or its name")
    .option(...ANY_ENGINE)
    .addOption(engineDeviceOption())
    .action((id: string, options: ResumeOptions, command: Command) =>
      run(command, (session) => resumeRun(id, options, session)),
    );
  onRun("stop", "stop a run with a checkpoint, also one of another process", (id, session) =>
    controlRun(id, "stop", session),
  );
  addLabelCommand(runs, run);
  addExportRunsCommand(runs, run);
  addRunLeaksCommand(runs, run);
  runs
    .command("rm")
    .description("move runs to the lab's trash")
    .argument("<run...>", "run ids, their beginnings, or names")
    .option("-y, --yes", "do not ask")
    .action((ids: readonly string[], options: RemoveOptions, command: Command) =>
      run(command, (session) => {
        const mayAsk = options.yes === true || session.surroundings.isAttended;
        return mayAsk ? removeRuns(ids, options, session) : command.error("error: without a terminal, rm needs --yes");
      }),
    );
}

interface LabelOptions {
  readonly name?: string;
  readonly tag?: readonly string[];
  readonly note?: string;
  readonly star?: boolean;
  readonly archive?: boolean;
}

function addLabelCommand(runs: Command, run: RunCommand): void {
  runs
    .command("label")
    .description("rename, star, tag, annotate or put away a run; what is not named stays")
    .argument("<run>", "run id, its beginning, or its name")
    .option("--name <text>", "another name")
    .option(
      "--tag <text>",
      "a tag; may be given again, and takes the place of all tags before",
      (tag: string, before?: readonly string[]) => [...(before ?? []), tag], // none before the first
    )
    .option("--note <text>", "notes on the run")
    .option("--star", "star it")
    .option("--no-star", "take the star away")
    .option("--archive", "put it away: lists leave it out")
    .option("--no-archive", "take it back into the lists")
    .action((id: string, { name, tag, note, star, archive }: LabelOptions, command: Command) =>
      run(command, async ({ openLab, terminal, json }) => {
        const lab = await openLab();
        const labelled = await lab.labelRun({
          id,
          label: { name, isStarred: star, isArchived: archive, tags: tag, note },
        });
        if (json) terminal.printJson(labelled);
        else terminal.print(`${labelled.id}  ${toLabelledName(labelled)}`);
        return EXIT_CODES.good;
      }),
    );
}

/** The name with what else people say of a run. */
function toLabelledName({ name, label }: RunSummary): string {
  const star = label?.isStarred === true ? "* " : "";
  const tags = (label?.tags ?? []).map((tag) => ` #${tag}`).join(""); // none where nobody said anything
  return `${star}${name}${tags}`;
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

async function listRuns(withArchived: boolean, { openLab, terminal, json }: Session): Promise<ExitCode> {
  const found = await (await openLab()).listRuns();
  const runs = found.filter(({ label }) => withArchived || label?.isArchived !== true);
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
    toLabelledName(run),
  ];
}

const CANDIDATE_COLUMNS: readonly Column[] = [
  { heading: "STEP", align: "right" },
  { heading: "GENOTYPE", align: "left" },
  { heading: "SCORE", align: "right" },
  { heading: "PSNR", align: "right" },
  { heading: "PARAMETERS", align: "right" },
  { heading: "MULTIPLY-ADDS/PX", align: "right" },
  { heading: "MEMORY", align: "right" },
];

async function showRun(id: string, options: ShowOptions, { openLab, terminal, json }: Session): Promise<ExitCode> {
  const lab = await openLab();
  const run = await lab.showRun(id);
  const candidates = options.candidates === true ? await lab.listCandidates(run.id) : null;
  const split = options.split === true ? { split: await lab.readRunSplit(run.id) } : null;
  if (json) {
    terminal.printJson({ ...run, ...(candidates === null ? {} : { candidates }), ...split });
    return EXIT_CODES.good;
  }
  const best =
    run.best === null
      ? "none yet"
      : `${formatPsnr(run.best.psnrDb)}, SSIM ${formatSsim(run.best.ssim)} at step ${run.best.step}`;
  const left = secondsLeft(run);
  const rows: readonly (readonly [string, string])[] = [
    ["run", run.id],
    ["name", toLabelledName(run)],
    ...(run.label === undefined || run.label.note === "" ? [] : [["note", run.label.note] as const]),
    ["kind", run.kind],
    ["state", run.reason === null ? run.state : `${run.state}: ${run.reason}`],
    ["step", `${run.step} of ${run.totalSteps}${left === null ? "" : `, about ${formatDuration(left)} left`}`],
    ["best", best],
    ["data set", `${run.dataset}, fingerprint ${run.datasetFingerprint}`],
    ["genotype", run.genotypeHash ?? "none yet"],
    ["engine", run.engine ?? "not started yet"],
    ["created", run.createdAt],
    ["folder", run.folder],
    ...(run.place === undefined ? [] : [["site", describePlace(run.place)] as const]),
  ];
  for (const [name, value] of rows) terminal.print(`${name.padEnd(10)}${value}`);
  if (candidates !== null) terminal.print(renderTable(CANDIDATE_COLUMNS, candidates.map(toCandidateRow)));
  if (split !== null) terminal.print(renderSplit(split.split));
  return EXIT_CODES.good;
}

function describePlace({ site, jobId, detail, isOver }: RunPlace): string {
  const job = jobId === null ? "not submitted yet" : `job ${jobId}`;
  return `${site}, ${job}${detail === null ? "" : `: ${detail}`}${isOver ? ", back from there" : ""}`;
}

function toCandidateRow(candidate: Candidate): string[] {
  const { step, genotypeHash, score, psnrDb, parameters, multiplyAddsPerPixel, memoryBytesPerPixel } = candidate;
  return [
    String(step),
    genotypeHash,
    score.toFixed(4),
    psnrDb === undefined ? "" : formatPsnr(psnrDb),
    formatCount(parameters),
    formatCount(multiplyAddsPerPixel),
    memoryBytesPerPixel === undefined ? "" : formatMemory(memoryBytesPerPixel),
  ];
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
  const names = runs.map(({ id, name }) => `${id} (${name})`).join(", ");
  if (yes !== true && !(await confirm(`Move ${names} to the trash?`))) {
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
