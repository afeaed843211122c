import type { Command } from "commander";

import { EXIT_CODES, type ExitCode } from "#main/cli/exitCodes.ts";
import type { RunCommand, Session } from "#main/cli/session.ts";

const EXAMPLES = `
Exits with 4 where no native engine runs or its self-test fails.

Examples:
  hinas doctor
  hinas doctor --json > doctor.json`;

/** Adds `hinas doctor`. */
export function addDoctorCommand(program: Command, run: RunCommand): void {
  program
    .command("doctor")
    .description("show which engine runs here, why, whether it computes right, and what to do next")
    .addHelpText("after", EXAMPLES)
    .action((_options: object, command: Command) => run(command, examine));
}

/** Tries every route to an engine anew, then asks the engine itself. */
async function examine({ terminal, json, home }: Session): Promise<ExitCode> {
  const { examineEngine } = await import("#main/lab/home/doctor.ts");
  const { report, text } = await examineEngine({
    home,
    retry: true,
    log: terminal.say,
    logEngine: (line) => {
      if (terminal.verbose) terminal.say(line);
    },
    computeEntry: null,
  });
  if (json) terminal.printJson(report);
  else terminal.print(text.trimEnd());
  return report.healthy ? EXIT_CODES.good : EXIT_CODES.device;
}
