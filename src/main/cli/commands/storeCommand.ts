import type { Command } from "commander";

import { EXIT_CODES, type ExitCode } from "#main/cli/exitCodes.ts";
import type { RunCommand, Session } from "#main/cli/session.ts";

/** Adds `hinas store rebuild`. */
export function addStoreCommand(program: Command, run: RunCommand): void {
  program
    .command("store")
    .description("look after the lab's database")
    .command("rebuild")
    .description("make the database anew from the run folders")
    .action((_options: object, command: Command) => run(command, rebuildStore));
}

async function rebuildStore(session: Session): Promise<ExitCode> {
  const lab = await session.openLab();
  const { runs, problems } = await lab.rebuildStore();
  for (const problem of problems) session.terminal.warn(problem);
  if (session.json) session.terminal.printJson({ runs, problems });
  else session.terminal.print(`${runs} ${runs === 1 ? "run" : "runs"} found again.`);
  return problems.length === 0 ? EXIT_CODES.good : EXIT_CODES.someFailed;
}
