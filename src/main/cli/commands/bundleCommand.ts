import { resolve } from "node:path";

import type { Command } from "commander";

import { EXIT_CODES, type ExitCode } from "#main/cli/exitCodes.ts";
import type { RunCommand, Session } from "#main/cli/session.ts";

const EXAMPLES = `
A bundle is one ZIP: the run's folder, its network as safetensors with a card, what is known of its photos, its environment, and the
hash of each file. The photos themselves are not in it.

Examples:
  hinas bundle export RUN --out run.zip
  hinas bundle import run.zip`;

/** Adds `hinas bundle export` and `import`. */
export function addBundleCommand(program: Command, run: RunCommand): void {
  const bundle = program
    .command("bundle")
    .description("hand a run over as one file, and take one in")
    .addHelpText("after", EXAMPLES);
  bundle
    .command("export")
    .description("pack a run that has ended, with all that belongs to it")
    .argument("<run>", "run id, its beginning, or its name")
    .requiredOption("-o, --out <file>", "the ZIP; never over one that is there")
    .action((id: string, { out }: { readonly out: string }, command: Command) =>
      run(command, (session) => exportBundle(id, out, session)),
    );
  bundle
    .command("import")
    .description("take the run of a bundle into this lab")
    .argument("<file>", "the ZIP")
    .action((file: string, _options: object, command: Command) =>
      run(command, (session) => importBundle(file, session)),
    );
}

async function exportBundle(id: string, out: string, session: Session): Promise<ExitCode> {
  const { terminal, json, surroundings, openLab } = session;
  const file = resolve(surroundings.workingFolder, out);
  await (await openLab()).writeBundle(id, file);
  if (json) terminal.printJson({ file });
  else terminal.say(`Bundle written to ${file}`);
  return EXIT_CODES.good;
}

async function importBundle(given: string, { terminal, json, surroundings, openLab }: Session): Promise<ExitCode> {
  const run = await (await openLab()).importBundle({ file: resolve(surroundings.workingFolder, given) });
  if (json) terminal.printJson(run);
  else terminal.print(`run ${run.id} (${run.name}) is in the lab now: ${run.folder}`);
  return EXIT_CODES.good;
}
