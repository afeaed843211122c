import { mkdir } from "node:fs/promises";
import { join, resolve } from "node:path";

import { Argument, type Command, Option } from "commander";

import type { SampledSpaceName } from "#shared/space/spaces/sampledSpaces.ts";
import type { AnyGenotype } from "#shared/space/spaces/spaces.ts";

import { EXIT_CODES, type ExitCode } from "#main/cli/exitCodes.ts";
import { parseCount } from "#main/cli/optionValues.ts";
import type { RunCommand, Session } from "#main/cli/session.ts";
import { addAssignmentOption, splitAssignment } from "#main/cli/settingsOptions.ts";

/** Names of the sampled spaces; the table itself is loaded when one is sampled. */
const SPACES = ["chain", "motifs", "resolutions"] as const satisfies readonly SampledSpaceName[];

interface SampleOptions {
  readonly count: number;
  readonly seed: number;
  readonly set?: readonly string[];
  readonly out?: string;
}

/** Adds `hinas sample`. */
export function addSampleCommand(program: Command, run: RunCommand): void {
  const sample = program
    .command("sample")
    .description("draw architectures of a space at random, as genotype files to train, with drawings")
    .addArgument(new Argument("<space>", "the space").choices(SPACES))
    .addOption(new Option("-n, --count <n>", "how many").argParser(parseCount).default(1))
    .addOption(new Option("--seed <n>", "seed of the random draws").argParser(parseCount).default(0))
    .option("-o, --out <folder>", "folder for the files (default: the working folder)")
    .addHelpText(
      "after",
      "\nExample:\n  hinas sample chain --seed 3 --set layers=8 --out found\n  hinas train found/genotype-HASH.json --data mine",
    );
  addAssignmentOption(sample, "one setting of the space, e.g. layers=8; repeatable");
  sample.action((space: SampledSpaceName, options: SampleOptions, command: Command) =>
    run(command, (session) => drawSamples(space, options, session)),
  );
}

async function drawSamples(space: SampledSpaceName, options: SampleOptions, session: Session): Promise<ExitCode> {
  const { openSettings } = await import("#main/cli/spaceSettings.ts");
  const { createRandom } = await import("#shared/random/createRandom.ts");
  const { explainGenotype, genotypeHash } = await import("#shared/space/spaces/spaces.ts");
  const { terminal, surroundings, json } = session;
  const source = openSettings(space, (options.set ?? []).map(splitAssignment));
  const folder = resolve(surroundings.workingFolder, options.out ?? ".");
  terminal.say(`The space has ${source.count.toLocaleString("en")} architectures.`);
  const drawn: { readonly hash: string; readonly file: string; readonly genotype: AnyGenotype }[] = [];
  for (let index = 0; index < options.count; index++) {
    const genotype = source.sample(createRandom(options.seed, "sample", index));
    const hash = genotypeHash(genotype);
    const file = await writeSample(folder, hash, genotype);
    drawn.push({ hash, file, genotype });
    if (!json) for (const line of [`genotype  ${hash}  ${file}`, ...explainGenotype(genotype)]) terminal.print(line);
  }
  if (json) terminal.printJson({ space, count: source.count.toString(), drawn });
  return EXIT_CODES.good;
}

async function writeSample(folder: string, hash: string, genotype: AnyGenotype): Promise<string> {
  const { writeFileAtomically } = await import("#main/files/writeFileAtomically.ts");
  const { toDiskError } = await import("#main/files/diskError.ts");
  const { genotypeToJson } = await import("#shared/space/spaces/spaces.ts");
  const { drawArchitecture } = await import("#shared/space/drawing/drawArchitecture.ts");
  await mkdir(folder, { recursive: true }).catch((cause: unknown) => {
    throw toDiskError(`make ${folder}`, cause);
  });
  const stem = join(folder, `genotype-${hash}`);
  await writeFileAtomically(`${stem}.json`, genotypeToJson(genotype));
  await writeFileAtomically(`${stem}.svg`, drawArchitecture(genotype, { title: `Genotype ${hash}`, theme: "light" }));
  return `${stem}.json`;
}
