import { Option, type Command } from "commander";

import type { DemoOptions } from "#main/cli/demo/runDemo.ts";
import type { ExitCode } from "#main/cli/exitCodes.ts";
import { engineDeviceOption, parseCount } from "#main/cli/optionValues.ts";
import type { RunCommand } from "#main/cli/session.ts";

const EXAMPLES = `
Examples:
  hinas demo
  hinas demo --data ~/photos --out ~/hinas-demo`;

/** Adds `hinas demo`. */
export function addDemoCommand(program: Command, run: RunCommand): void {
  program
    .command("demo")
    .description("search, derive, train, measure and denoise in a few minutes, on built-in pictures or your photos")
    .addOption(
      new Option(
        "--data <name|folder>",
        "data set, or folder of clean photos, of which some are taken (default: built-in pictures)",
      ),
    )
    .addOption(new Option("-o, --out <folder>", "new folder for the pictures and figures (default: in the lab's home)"))
    .addOption(new Option("--seed <n>", "seed of every random draw").argParser(parseCount).default(0))
    .addOption(engineDeviceOption())
    .addHelpText("after", EXAMPLES)
    .action((options: DemoOptions, command: Command) =>
      run(command, async (session): Promise<ExitCode> => {
        const { runDemo } = await import("#main/cli/demo/runDemo.ts");
        return runDemo(options, session);
      }),
    );
}
