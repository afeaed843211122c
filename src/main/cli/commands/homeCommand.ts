import { resolve } from "node:path";

import type { Command } from "commander";

import { EXIT_CODES, type ExitCode } from "#main/cli/exitCodes.ts";
import type { RunCommand, Session } from "#main/cli/session.ts";

const EXAMPLES = `
Runs, studies, models, architectures, evaluations and settings go along; photos stay where they are. Nothing is taken away here.

Examples:
  hinas home copy /media/disk/lab          then there: hinas --home /media/disk/lab runs ls
  hinas home copy me@workstation:lab       by rsync over ssh
  hinas data move mine /data/photos        tell the copy where photos lie on that computer`;

/** Adds `hinas home copy`. */
export function addHomeCommand(program: Command, run: RunCommand): void {
  program
    .command("home")
    .description("bring the lab's home to another place or computer")
    .addHelpText("after", EXAMPLES)
    .command("copy")
    .description("copy the whole lab to an empty folder, or to another computer; it works there as it is")
    .argument("<target>", "folder, or HOST:FOLDER as for scp")
    .action((target: string, _options: object, command: Command) =>
      run(command, (session) => copyHome(target, session)),
    );
}

async function copyHome(target: string, { openLab, terminal, json, surroundings }: Session): Promise<ExitCode> {
  const isElsewhere = /^[^/\\]{2,}:/.test(target);
  const copied = await (await openLab()).copyHome(isElsewhere ? target : resolve(surroundings.workingFolder, target));
  if (json) {
    terminal.printJson(copied);
    return EXIT_CODES.good;
  }
  terminal.print(`The lab is at ${copied.target} now, too: \`hinas --home FOLDER\` or HINAS_HOME takes it.`);
  for (const { name, folder } of copied.outside) {
    terminal.say(
      `The photos of ${name} stay in ${folder}; \`hinas data move ${name} FOLDER\` tells where they are there.`,
    );
  }
  return EXIT_CODES.good;
}
