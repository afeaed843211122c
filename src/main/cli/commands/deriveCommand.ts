import { Option, type Command } from "commander";

import type { ArchitectureCosts, DerivedArchitecture, SearchScore } from "#shared/api/architectures.ts";

import { EXIT_CODES, type ExitCode } from "#main/cli/exitCodes.ts";
import { formatCount, formatMemory, formatPsnr } from "#main/cli/formats.ts";
import { parseCount } from "#main/cli/optionValues.ts";
import type { RunCommand, Session } from "#main/cli/session.ts";

interface DeriveOptions {
  readonly epoch?: number;
}

/** Adds `hinas derive`. */
export function addDeriveCommand(program: Command, run: RunCommand): void {
  program
    .command("derive")
    .description("derive the architecture of a search, with the reason for every choice")
    .argument("<run>", "search run")
    .addOption(
      new Option("--epoch <n>", "a saved epoch (default: the best by the published score)").argParser(parseCount),
    )
    .addHelpText("after", "\nExample:\n  hinas derive RUN --epoch 40")
    .action((id: string, options: DeriveOptions, command: Command) =>
      run(command, (session) => derive(id, options, session)),
    );
}

async function derive(id: string, { epoch }: DeriveOptions, session: Session): Promise<ExitCode> {
  const lab = await session.openLab();
  const derived = await lab.derive((await lab.showRun(id)).id, epoch ?? null);
  const { terminal } = session;
  if (session.json) {
    terminal.printJson(derived);
    return EXIT_CODES.good;
  }
  for (const line of [...derived.explanation, ...listDerived(derived)]) terminal.print(line);
  return EXIT_CODES.good;
}

/** Says in lines what was derived and where its files are. */
export function listDerived(derived: DerivedArchitecture): readonly string[] {
  const { epoch, hash, genotypeFile, drawingFile, costs, searchScore } = derived;
  return [
    `epoch     ${epoch}`,
    ...(searchScore === null ? [] : [`score     ${describeScore(searchScore)}`]),
    `network   ${describeCosts(costs)}`,
    `genotype  ${hash}`,
    `          ${genotypeFile}`,
    `drawing   ${drawingFile}`,
  ];
}

function describeScore({ score, psnrDb }: SearchScore): string {
  return psnrDb === null ? score.toFixed(4) : `${score.toFixed(4)}, validation PSNR ${formatPsnr(psnrDb)}`;
}

function describeCosts({ filters, parameters, multiplyAddsPerPixel, memoryBytesPerPixel }: ArchitectureCosts): string {
  const [size, adds] = [parameters, multiplyAddsPerPixel].map((count) => formatCount(Math.round(count)));
  return `${size} parameters, ${adds} multiply-adds per pixel, ${formatMemory(memoryBytesPerPixel)} to denoise, at ${filters} filters`;
}
