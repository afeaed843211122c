import { Option, type Command } from "commander";

import type { DerivedArchitecture } from "#shared/api/architectures.ts";
import type { Lab } from "#shared/api/lab.ts";
import type { RunSummary } from "#shared/api/runs.ts";

import { listDerived } from "#main/cli/commands/deriveCommand.ts";
import type { ExitCode } from "#main/cli/exitCodes.ts";
import { ANY_ENGINE } from "#main/cli/resumeRun.ts";
import { engineDeviceOption } from "#main/cli/optionValues.ts";
import type { RunCommand, Session } from "#main/cli/session.ts";
import { siteOption } from "#main/cli/startAt.ts";
import { addSettingsOptions, type SettingsFlags } from "#main/cli/settingsOptions.ts";

interface SearchOptions extends SettingsFlags {
  readonly resume?: string;
  readonly anyEngine?: boolean;
  readonly dryRun?: boolean;
  readonly on?: string;
  readonly jsonl?: boolean;
  readonly yes?: boolean;
}

const EXAMPLES = `
Examples:
  hinas search --data mine --noise 30 --epochs 50
  hinas search --data mine --test 10%
  hinas search --config space.yaml --set space.layers=4 --dry-run
  hinas search --resume RUN
  hinas search --data mine --jsonl > events.jsonl`;

/** Adds `hinas search`. */
export function addSearchCommand(program: Command, run: RunCommand): void {
  const search = program
    .command("search")
    .description("search an architecture, and derive the best one found")
    .addOption(new Option("--resume <run>", "go on with an earlier search from its last checkpoint"))
    .option(...ANY_ENGINE)
    .addOption(new Option("--dry-run", "print what would be done and stop").conflicts("resume"))
    .addOption(siteOption())
    .option("-y, --yes", "start also what takes more than a day, without asking")
    .option("--jsonl", "print every event as a line of JSON, and the result as the last")
    .addOption(engineDeviceOption())
    .addHelpText("after", EXAMPLES);
  addSettingsOptions(search, ["data", "test", "noise", "epochs", "seed", "name"], "resume").action(
    (options: SearchOptions, command: Command) => run(command, (session) => runSearch(options, session)),
  );
}

async function runSearch(options: SearchOptions, session: Session): Promise<ExitCode> {
  const { resume, on: site } = options;
  if (resume !== undefined && site !== undefined) {
    const { startAt } = await import("#main/cli/startAt.ts");
    return startAt((lab) => lab.resumeRunAt(site, resume), session);
  }
  if (resume !== undefined) {
    const { resumeRun } = await import("#main/cli/resumeRun.ts");
    return followSearch((lab) => resumeRun(lab, resume, "search", options.anyEngine === true), options, session);
  }
  const { loadSettings } = await import("#main/cli/loadSettings.ts");
  const resolved = await loadSettings("search", options, session);
  const job = { kind: "search", settings: resolved.settings, genotype: null } as const;
  if (options.dryRun !== true) {
    const { agreeToLong } = await import("#main/cli/agreeToLong.ts");
    await agreeToLong(await session.openLab(), job, options.yes === true, session);
    if (site === undefined) return followSearch((lab) => lab.startSearch(resolved.settings), options, session);
    const { startAt } = await import("#main/cli/startAt.ts");
    return startAt((lab) => lab.startSearchAt(site, resolved.settings), session);
  }
  const { searchCost } = await import("#shared/runs/searchCost.ts");
  const { printDryRun } = await import("#main/cli/dryRun.ts");
  return printDryRun(resolved, searchCost(resolved.settings), job, session, site ?? null);
}

async function followSearch(
  start: (lab: Lab) => Promise<RunSummary>,
  { jsonl }: SearchOptions,
  session: Session,
): Promise<ExitCode> {
  const { followRun, sayEnd } = await import("#main/cli/followRun.ts");
  const lab = await session.openLab();
  const followed = await followRun(lab, () => start(lab), { jsonLines: jsonl === true }, session);
  const { run, exitCode } = followed;
  sayEnd(followed, session);
  const derived = run.state === "finished" ? await lab.derive(run.id, null) : null;
  if (jsonl === true) session.terminal.printJsonLine({ type: "result", run, derived });
  else if (session.json) session.terminal.printJson({ run, derived });
  else printResult(run, derived, session);
  return exitCode;
}

function printResult(run: RunSummary, derived: DerivedArchitecture | null, { terminal }: Session): void {
  terminal.print(`run       ${run.id}`);
  if (derived === null) return;
  for (const line of listDerived(derived)) terminal.print(line);
  terminal.say(`\`hinas train ${run.id}\` trains it.`);
}
