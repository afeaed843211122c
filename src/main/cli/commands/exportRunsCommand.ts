import { mkdir } from "node:fs/promises";
import { join, resolve } from "node:path";

import { Option, type Command } from "commander";

import { EXIT_CODES, type ExitCode } from "#main/cli/exitCodes.ts";
import type { RunCommand, Session } from "#main/cli/session.ts";
import { toDiskError } from "#main/files/diskError.ts";
import { writeFileAtomically } from "#main/files/writeFileAtomically.ts";
import type { RunSummary } from "#shared/api/runs.ts";

interface ExportOptions {
  readonly all?: boolean;
  readonly format: "tensorboard";
  readonly out: string;
}

const EXAMPLES = `
Each run gets a folder of its own, so that TensorBoard shows them side by side; a second export renews it.

Examples:
  hinas runs export RUN --out logs
  hinas runs export --all && tensorboard --logdir tensorboard`;

/** Adds `hinas runs export`. */
export function addExportRunsCommand(runs: Command, run: RunCommand): void {
  runs
    .command("export")
    .description("write the figures of runs as files for other programs")
    .argument("[run...]", "run ids, their beginnings, or names")
    .option("--all", "all runs")
    .addOption(new Option("--format <name>", "the files' format").choices(["tensorboard"]).default("tensorboard"))
    .option("-o, --out <folder>", "folder for the files", "tensorboard")
    .addHelpText("after", EXAMPLES)
    .action((ids: readonly string[], options: ExportOptions, command: Command) =>
      run(command, (session) => {
        const isClear = options.all === true ? ids.length === 0 : ids.length > 0;
        return isClear ? exportRuns(ids, options, session) : command.error("error: give either runs or --all");
      }),
    );
}

async function exportRuns(
  ids: readonly string[],
  { all, out }: ExportOptions,
  { openLab, terminal, json, surroundings }: Session,
): Promise<ExitCode> {
  const lab = await openLab();
  const { listRunScalars } = await import("#shared/runs/runScalars.ts");
  const { writeEventFile } = await import("#main/export/eventFile.ts");
  const runs: RunSummary[] = all === true ? [...(await lab.listRuns())] : [];
  for (const id of ids) runs.push(await lab.showRun(id));
  const written: { readonly run: string; readonly file: string; readonly figures: number }[] = [];
  for (const { id, name, createdAt } of runs) {
    const scalars = listRunScalars(await lab.readRunEvents(id));
    const startMs = Date.parse(createdAt);
    const folder = join(resolve(surroundings.workingFolder, out), toFolderName(name, id));
    const file = join(folder, `events.out.tfevents.${Math.floor(startMs / 1000)}.hinas`);
    await mkdir(folder, { recursive: true }).catch((cause: unknown) => {
      throw toDiskError(`make ${folder}`, cause);
    });
    await writeFileAtomically(file, writeEventFile(scalars, startMs));
    written.push({ run: id, file, figures: scalars.length });
    if (!json) terminal.print(file);
  }
  if (json) terminal.printJson(written);
  return EXIT_CODES.good;
}

/** A run's name as a folder's, with the id that tells runs of one name apart. */
function toFolderName(name: string, id: string): string {
  const plain = name.replaceAll(/[^\p{L}\p{N}._-]+/gu, "-").replaceAll(/^[-.]+|[-.]+$/g, "");
  return plain === "" ? id : `${plain}-${id.slice(-6)}`;
}
