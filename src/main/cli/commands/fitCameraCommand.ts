import { resolve } from "node:path";

import { type Command, Option } from "commander";

import { EXIT_CODES, type ExitCode } from "#main/cli/exitCodes.ts";
import type { RunCommand, Session } from "#main/cli/session.ts";
import { renderTable } from "#main/cli/table.ts";
import { type CameraFit, FIT_WAYS, type FitWay } from "#shared/image/cameraFit/fitCamera.ts";

interface FitOptions {
  readonly way?: FitWay;
  readonly save?: string;
}

const EXAMPLES = `
Examples:
  hinas fit-camera noisy.tif clean.tif --save "night, ISO 6400"
  hinas fit-camera burst-*.tif --save tripod
  hinas fit-camera wall.tif --way flat --json

One photo is a flat frame: an even, unsharp surface on which light falls off. Two are a noisy and a clean one where one has much
less noise, else a burst, as more are: the same scene from the same place. Photos developed without noise reduction, sharpening
and tone curve (16-bit TIFF) give a line; finished ones mostly do not.`;

/** Adds `hinas fit-camera`. */
export function addFitCameraCommand(program: Command, run: RunCommand): void {
  program
    .command("fit-camera")
    .description("measure a camera's noise in photos, and keep it as a noise profile")
    .argument("<files...>", "a noisy and a clean photo, a burst, or flat frames")
    .addOption(new Option("--way <way>", "what the photos are (default: as they show)").choices(FIT_WAYS))
    .option("--save <name>", "keep it as a noise profile; one of this name is replaced")
    .addHelpText("after", EXAMPLES)
    .action((files: readonly string[], options: FitOptions, command: Command) =>
      run(command, (session) => fit(files, options, session)),
    );
}

async function fit(files: readonly string[], { way, save }: FitOptions, session: Session): Promise<ExitCode> {
  const { terminal, json, surroundings } = session;
  const lab = await session.openLab();
  const paths = files.map((file) => resolve(surroundings.workingFolder, file));
  const found = await lab.fitCamera({ files: paths, way: way ?? null });
  const profile = save === undefined ? null : await lab.saveNoiseProfile({ name: save, noise: found.noise });
  if (json) terminal.printJson({ fit: found, profile });
  else terminal.print(describe(found));
  for (const warning of listWarnings(found)) terminal.warn(warning);
  if (profile !== null) terminal.say(`Kept as the noise profile ${profile.name}.`);
  const { gain, sigma255 } = found.noise;
  terminal.say(
    `For a training: --set noise.kind=poisson_gaussian --set noise.gain=${gain} --set noise.sigma255=${sigma255}`,
  );
  return EXIT_CODES.good;
}

function describe(found: CameraFit): string {
  const { way, clean, noise, residual, from255, to255, values, clippedShare, levels } = found;
  const lines = [
    `way          ${way}${clean === null ? "" : `, ${clean} is the clean photo`}`,
    `gain         ${noise.gain}`,
    `sigma        ${noise.sigma255} (0..255)`,
    `off the line ${percent(residual)}`,
    `brightness   ${Math.round(from255)} to ${Math.round(to255)} of 255`,
    `values       ${values.toLocaleString("en")}, ${percent(clippedShare)} of the places left out as clipped`,
  ];
  const columns = (["BRIGHTNESS", "VARIANCE", "FITTED", "PLACES"] as const).map(
    (heading) => ({ heading, align: "right" }) as const,
  );
  const rows = levels.map(({ signal255, variance255, blocks }) => {
    const fitted = 255 * noise.gain * signal255 + noise.sigma255 ** 2;
    return [signal255.toFixed(1), variance255.toFixed(2), fitted.toFixed(2), String(blocks)];
  });
  return [...lines, "", renderTable(columns, rows)].join("\n");
}

function listWarnings({ isWhite, isPoor, residual }: CameraFit): readonly string[] {
  return [
    ...(isWhite
      ? []
      : ["neighbouring pixels have noise in common, which the profile does not have: finished photos are so"]),
    ...(isPoor ? [`the noise is ${percent(residual)} off its line, so that the profile is a rough one`] : []),
  ];
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}
