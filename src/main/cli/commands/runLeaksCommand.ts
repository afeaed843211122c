import type { Command } from "commander";

import { EXIT_CODES } from "#main/cli/exitCodes.ts";
import { printLeaks } from "#main/cli/leaksText.ts";
import type { RunCommand } from "#main/cli/session.ts";

/** Adds `hinas runs leaks`. */
export function addRunLeaksCommand(runs: Command, run: RunCommand): void {
  runs
    .command("leaks")
    .description("find photos that a run is validated or tested on among near-duplicates that it learns from")
    .argument("<run>", "run id, its beginning, or its name")
    .action((id: string, _options: object, command: Command) =>
      run(command, async (session) => {
        printLeaks(await (await session.openLab()).findRunLeaks(id), session);
        return EXIT_CODES.good;
      }),
    );
}
