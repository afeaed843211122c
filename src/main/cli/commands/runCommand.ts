import { resolve } from "node:path";

import { InvalidArgumentError, Option, type Command } from "commander";

import { type ExitCode } from "#main/cli/exitCodes.ts";
import { ANY_ENGINE } from "#main/cli/resumeRun.ts";
import type { RunCommand, Session } from "#main/cli/session.ts";

interface AloneFlags {
  readonly resume: "auto" | "never";
  readonly data?: string;
  readonly until?: number;
  readonly anyEngine?: boolean;
  readonly jsonl?: boolean;
}

const HELP = `
Does one run in its own folder, without the lab's home, database or network: what a node of a cluster does. The engine must
be in place on that machine (\`hinas doctor\` installs it). Photos are looked up by their fingerprint below --data, in the
folder's data, and where they were when the run was made.

SIGUSR1 and SIGTERM ask for a checkpoint and an end. Exit codes: 0 finished, 75 made room at SIGUSR1 or --until and goes on
when it is started again, 143 ended by SIGTERM, 130 by Ctrl-C; 1 the run failed, 3 bad folder or data, 4 engine or memory.`;

/** Adds `hinas run`. */
export function addRunCommand(program: Command, run: RunCommand): void {
  program
    .command("run")
    .description("do one run in its own folder, as a node of a cluster does")
    .argument("<folder>", "run folder")
    .addOption(
      new Option("--resume <how>", "auto: go on from the last checkpoint; never: refuse a run that was begun")
        .choices(["auto", "never"])
        .default("never"),
    )
    .option("--data <root>", "folder of data sets, each in a folder named by its fingerprint")
    .addOption(
      new Option("--until <time>", "make room, with a checkpoint, at this time (seconds since 1970)").argParser(
        parseTime,
      ),
    )
    .option(...ANY_ENGINE)
    .option("--jsonl", "print every event as a line of JSON")
    .addHelpText("after", HELP)
    .action((folder: string, flags: AloneFlags, command: Command) =>
      run(command, (session) => runAlone(folder, flags, session)),
    );
}

async function runAlone(folder: string, flags: AloneFlags, session: Session): Promise<ExitCode> {
  const { openLoneRun } = await import("#main/lab/runs/runAlone.ts");
  const { followRun, sayEnd } = await import("#main/cli/followRun.ts");
  const { workingFolder } = session.surroundings;
  const lone = openLoneRun(resolve(workingFolder, folder), {
    resume: flags.resume,
    dataRoot: flags.data === undefined ? null : resolve(workingFolder, flags.data),
    mayChangeEngine: flags.anyEngine === true,
    log: session.terminal.say,
  });
  const timer = flags.until === undefined ? null : makeRoomAt(flags.until);
  try {
    const followed = await followRun(lone, lone.start, { jsonLines: flags.jsonl === true, isPatient: true }, session);
    sayEnd(followed, session);
    if (session.json) session.terminal.printJson({ run: followed.run });
    return followed.exitCode;
  } finally {
    if (timer !== null) clearTimeout(timer);
    await lone.close();
  }
}

/** The longest that a timer waits. */
const LONGEST_MS = 2 ** 31 - 1;

/** Asks as a queue would, when the time has come. */
function makeRoomAt(seconds: number): NodeJS.Timeout {
  const waitMs = Math.min(Math.max(0, seconds * 1000 - Date.now()), LONGEST_MS);
  return setTimeout(() => process.kill(process.pid, "SIGUSR1"), waitMs);
}

function parseTime(text: string): number {
  if (/^\d+$/.test(text)) return Number(text);
  throw new InvalidArgumentError(`it must be whole seconds since 1970, got ${text}`);
}
