import { Option, type Command } from "commander";

import type { DerivedArchitecture } from "#shared/api/architectures.ts";
import type { Lab } from "#shared/api/lab.ts";
import type { RunSummary } from "#shared/api/runs.ts";

import { listDerived } from "#main/cli/commands/deriveCommand.ts";
import type { ExitCode } from "#main/cli/exitCodes.ts";
import { ANY_ENGINE } from "#main/cli/resumeRun.ts";
import type { RunCommand, Session } from "#main/cli/session.ts";
import { addSettingsOptions, type SettingsFlags } from "#main/cli/settingsOptions.ts";

interface SearchOptions extends SettingsFlags {
  readonly resume?: string;
  readonly anyEngine?: boolean;
  readonly dryRun?: boolean;
  readonly jsonl?: boolean;
}

const EXAMPLES = `
Examples:
  hinas search --data mine --noise 30 --epochs 50
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
    .option("--jsonl", "print every event as a line of JSON, and the result as the last")
    .addHelpText("after", EXAMPLES);
  addSettingsOptions(search, ["data", "noise", "epochs", "seed", "name"], "resume").action(
    (options: SearchOptions, command: Command) => run(command, (session) => runSearch(options, session)),
  );
}

async function runSearch(options: SearchOptions, session: Session): Promise<ExitCode> {
  if (options.resume !== undefined) {
    const { resume } = options;
    const { resumeRun } = await import("#main/cli/resumeRun.ts");
    return followSearch((lab) => resumeRun(lab, resume, "search", options.anyEngine === true), options, session);
  }
  const { loadSettings } = await import("#main/cli/loadSettings.ts");
  const resolved = await loadSettings("search", options, session);
  if (options.dryRun !== true) return followSearch((lab) => lab.startSearch(resolved.settings), options, session);
  const { outerSpaceOf } = await import("#shared/space/spaces/outerSpaces.ts");
  const { printDryRun } = await import("#main/cli/dryRun.ts");
  return printDryRun(resolved, outerSpaceOf(resolved.settings.space).cost(resolved.settings.space), session);
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
