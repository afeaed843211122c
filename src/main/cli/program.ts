import { Command, CommanderError } from "commander";

import { addBundleCommand } from "#main/cli/commands/bundleCommand.ts";
import { addCompletionCommand } from "#main/cli/commands/completionCommand.ts";
import { addConfigCommand } from "#main/cli/commands/configCommand.ts";
import { addDataCommand } from "#main/cli/commands/dataCommand.ts";
import { addDemoCommand } from "#main/cli/commands/demoCommand.ts";
import { addDenoiseCommand } from "#main/cli/commands/denoiseCommand.ts";
import { addDeriveCommand } from "#main/cli/commands/deriveCommand.ts";
import { addDoctorCommand } from "#main/cli/commands/doctorCommand.ts";
import { addEvalCommand } from "#main/cli/commands/evalCommand.ts";
import { EXIT_CODES, type ExitCode } from "./exitCodes.ts";
import { addFitCameraCommand } from "#main/cli/commands/fitCameraCommand.ts";
import { addHomeCommand } from "#main/cli/commands/homeCommand.ts";
import { addModelsCommand } from "#main/cli/commands/modelsCommand.ts";
import { addRobustnessCommand } from "#main/cli/commands/robustnessCommand.ts";
import { addRunCommand } from "#main/cli/commands/runCommand.ts";
import { addRunsCommand } from "#main/cli/commands/runsCommand.ts";
import { addSampleCommand } from "#main/cli/commands/sampleCommand.ts";
import { addSearchCommand } from "#main/cli/commands/searchCommand.ts";
import { createRunner, type Surroundings } from "./session.ts";
import { addServeCommand } from "#main/cli/commands/serveCommand.ts";
import { addSitesCommand } from "#main/cli/commands/sitesCommand.ts";
import { addStoreCommand } from "#main/cli/commands/storeCommand.ts";
import { addStudiesCommand } from "#main/cli/commands/studiesCommand.ts";
import { addStudyCommand } from "#main/cli/commands/studyCommand.ts";
import { addTonightCommand } from "#main/cli/commands/tonightCommand.ts";
import { addTrainCommand } from "#main/cli/commands/trainCommand.ts";

const AFTER_HELP = `
Start here:
  hinas demo                                   the whole way on built-in pictures, a few minutes
  hinas doctor                                 what this machine can do
  hinas data add ~/photos --name mine          register your photos
  hinas search --data mine --set search.epochs=50
  hinas train RUN                              train what that search found
  hinas denoise RUN photo.png                  use what that training made

Settings: flags win over the environment (HINAS_SEARCH__EPOCHS=50), which wins over --config FILE, over hinas.yaml in the
working folder, over config.yaml in the lab's home, over --preset, over the defaults; \`hinas config render\` shows them all.

Exit codes: 0 good, 1 failed, 2 wrong usage, 3 bad settings or data, 4 device or memory, 5 some items of a batch failed,
75 made room and goes on when started again, 130 interrupted, 143 terminated.`;

/** Runs the command line with the arguments behind the program's name and returns the exit code; reports trouble on stderr. */
export async function runCli(args: readonly string[], surroundings: Surroundings): Promise<ExitCode> {
  let exitCode: ExitCode = EXIT_CODES.good;
  const run = createRunner(surroundings, (code) => {
    exitCode = code;
  });
  const program = buildProgram(surroundings);
  addDemoCommand(program, run);
  addDoctorCommand(program, run);
  addDataCommand(program, run);
  addSearchCommand(program, run);
  addDeriveCommand(program, run);
  addSampleCommand(program, run);
  addTrainCommand(program, run);
  addEvalCommand(program, run);
  addRobustnessCommand(program, run);
  addDenoiseCommand(program, run);
  addFitCameraCommand(program, run);
  addModelsCommand(program, run);
  addRunsCommand(program, run);
  addTonightCommand(program, run);
  addBundleCommand(program, run);
  addStudyCommand(program, run);
  addStudiesCommand(program, run);
  addRunCommand(program, run);
  addSitesCommand(program, run);
  addConfigCommand(program, run);
  addHomeCommand(program, run);
  addStoreCommand(program, run);
  addServeCommand(program, run);
  addCompletionCommand(program, run);
  try {
    await program.parseAsync(args, { from: "user" });
    return exitCode;
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode === 0) return EXIT_CODES.good;
    if (args.includes("--json")) surroundings.stdout.write(usageErrorAsJson(error));
    return EXIT_CODES.usage;
  }
}

/** As other troubles are told with --json; the text beside it, on stderr, has the hints too. */
function usageErrorAsJson({ code, message }: CommanderError): string {
  const said = code === "commander.help" ? "a command must be given" : message.replace(/^error: /, "");
  return `${JSON.stringify({ error: { kind: "usage", message: said, exitCode: EXIT_CODES.usage } }, null, 2)}\n`;
}

/** What is empty, as a variable of a script that was never set, would mean the working folder or any run. */
function refuseEmpty(command: Command): void {
  // The shells' scripts ask what fits where nothing is typed yet.
  if (command.name() === "complete") return;
  if (command.args.includes("")) command.error('error: arguments must not be empty, got ""');
  const { out, home } = command.optsWithGlobals<{ readonly out?: unknown; readonly home?: unknown }>();
  for (const [flag, value] of Object.entries({ "--out": out, "--home": home })) {
    if (value === "") command.error(`error: ${flag} must name a place, got ""`);
  }
}

function buildProgram({ stdout, stderr, version }: Surroundings): Command {
  return new Command("hinas")
    .description("Searches, derives, trains and applies image-denoising networks.")
    .option("--home <folder>", "where runs and data sets are kept (environment: HINAS_HOME)")
    .option("--json", "print one JSON object on stdout instead of text")
    .option("-q, --quiet", "no talk and no progress, only results, warnings and errors")
    .option("-v, --verbose", "more talk; stack traces with errors")
    .option("--no-color", "no colour (environment: NO_COLOR)")
    .version(version, "-V, --version")
    .configureHelp({ showGlobalOptions: true })
    .configureOutput({ writeOut: (text) => void stdout.write(text), writeErr: (text) => void stderr.write(text) })
    .showHelpAfterError("(add --help for the options of this command)")
    .addHelpText("after", AFTER_HELP)
    .hook("preAction", (_program, command) => refuseEmpty(command))
    .exitOverride();
}
