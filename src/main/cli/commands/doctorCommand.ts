import type { Command } from "commander";

import { EXIT_CODES, type ExitCode } from "#main/cli/exitCodes.ts";
import { engineDeviceOption } from "#main/cli/optionValues.ts";
import type { RunCommand, Session } from "#main/cli/session.ts";

const EXAMPLES = `
Exits with 4 where no native engine runs or its self-test fails.
--allow-unverified is for systems without TensorFlow wheels (Windows, macOS): the TensorFlow.js package's own installer then
downloads TensorFlow 2.9.1 and an addon, of which nobody publishes a checksum. Wheels are always checked.

Examples:
  hinas doctor
  hinas doctor --json > doctor.json`;

/** Adds `hinas doctor`. */
export function addDoctorCommand(program: Command, run: RunCommand): void {
  program
    .command("doctor")
    .description("show which engine runs here, why, whether it computes right, and what to do next")
    .option("--allow-unverified", "let the engine's own installer download files that carry no checksum")
    .addOption(engineDeviceOption())
    .addHelpText("after", EXAMPLES)
    .action(({ allowUnverified }: { readonly allowUnverified?: boolean }, command: Command) =>
      run(command, (session) => examine(session, allowUnverified === true)),
    );
}

/** Tries every route to an engine anew, then asks the engine itself. */
async function examine({ terminal, json, home, device }: Session, mayUseUnverified: boolean): Promise<ExitCode> {
  const { examineEngine } = await import("#main/lab/home/doctor.ts");
  const { report, text } = await examineEngine({
    home,
    device: device ?? "auto",
    retry: true,
    mayUseUnverified,
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
