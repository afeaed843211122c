import { copyFile, mkdir } from "node:fs/promises";
import { join, resolve } from "node:path";

import { EXIT_CODES, type ExitCode } from "#main/cli/exitCodes.ts";
import { followRun, sayEnd, type FollowedRun } from "#main/cli/followRun.ts";
import type { Session } from "#main/cli/session.ts";
import { toDiskError } from "#main/files/diskError.ts";
import type { Lab } from "#shared/api/lab.ts";
import type { RunSummary } from "#shared/api/runs.ts";
import { DEFAULT_MEMORY_BUDGET_MB } from "#shared/image/memoryBudget.ts";
import { LabError } from "#shared/labError.ts";
import { type EvaluationConfig, evaluationConfigSchema } from "#shared/runs/config.ts";

import { printDemoResult, type DemoPictures } from "./demoResult.ts";
import { prepareDemoPhotos, type DemoPhotos } from "./demoPhotos.ts";
import { loadDemoSettings } from "./demoSettings.ts";
import { measureYardstick } from "./demoYardstick.ts";
import { writeNoisyPhoto } from "./heldOutPhotos.ts";

/** What `hinas demo` was asked. */
export interface DemoOptions {
  readonly data?: string;
  readonly out?: string;
  readonly seed: number;
}

/**
 * Goes the whole way on a small scale: searches, derives, trains, measures on held-out pictures, and denoises one of them.
 * The first Ctrl-C stops with a checkpoint. Throws a LabError.
 */
export async function runDemo(options: DemoOptions, session: Session): Promise<ExitCode> {
  const { terminal, surroundings } = session;
  const lab = await session.openLab();
  const preset = await lab.chooseDemoPreset();
  if (preset === "demo-cpu") terminal.warn("A much smaller demo runs, for plain JavaScript computes it.");
  const folder = await makeDemoFolder(options, session);
  const photos = await prepareDemoPhotos(lab, options.data ?? null, surroundings.workingFolder, folder);
  const changes = { dataset: photos.dataset, seed: options.seed };
  const jobs = await loadDemoSettings(preset, surroundings.presetsFolder, changes);

  terminal.say("1 of 4: searching an architecture");
  const search = await followRun(lab, () => lab.startSearch(jobs.search), { jsonLines: false }, session);
  if (search.exitCode !== EXIT_CODES.good) return endEarly(search, session);
  const derived = await lab.derive(search.run.id, null);
  await copyFile(derived.drawingFile, join(folder, "architecture.svg"));

  terminal.say(`2 of 4: training network ${derived.hash} from scratch`);
  const training = await followRun(
    lab,
    () => lab.startTraining(jobs.train, derived.genotype),
    { jsonLines: false },
    session,
  );
  if (training.exitCode !== EXIT_CODES.good) return endEarly(training, session);

  terminal.say(`3 of 4: measuring on ${photos.testFiles.length} held-out pictures`);
  const config = evaluationConfigSchema.parse({ data: { dataset: photos.testFolder }, noise: jobs.train.noise });
  const evaluation = await lab.evaluate(training.run.id, config, join(folder, "evaluation"));
  const yardstick = await measureYardstick(lab, jobs.train, config);
  terminal.say("4 of 4: denoising a picture");
  const pictures = await denoiseHeldOut(lab, training.run, config, photos, folder);
  printDemoResult(
    { folder, search: search.run, derived, training: training.run, evaluation, yardstick, pictures },
    session,
  );
  return EXIT_CODES.good;
}

async function makeDemoFolder({ out }: DemoOptions, { home, surroundings }: Session): Promise<string> {
  const time = new Date().toISOString().slice(0, 19).replaceAll(":", "-");
  const folder = out === undefined ? join(home, "demo", time) : resolve(surroundings.workingFolder, out);
  await mkdir(folder, { recursive: true }).catch((cause: unknown) => {
    throw toDiskError(`make ${folder}`, cause);
  });
  return folder;
}

function endEarly(followed: FollowedRun, session: Session): ExitCode {
  sayEnd(followed, session);
  return followed.exitCode;
}

async function denoiseHeldOut(
  lab: Lab,
  { id }: RunSummary,
  { noise, noiseSeed }: EvaluationConfig,
  { testFiles }: DemoPhotos,
  folder: string,
): Promise<DemoPictures> {
  const [clean] = testFiles;
  if (clean === undefined) throw new Error("demo: there must be a held-out picture, got none");
  const noisy = join(folder, "noisy.png");
  await writeNoisyPhoto(clean, noise, noiseSeed, noisy);
  const [file] = await lab.denoise({ ...DENOISE_OPTIONS, model: id, inputs: [noisy], outputFolder: folder }, () => {});
  if (file?.output == null)
    throw new LabError("bad_data", `${noisy} could not be denoised: ${file?.error ?? "no result"}`);
  return { clean, noisy, denoised: file.output };
}

const DENOISE_OPTIONS = {
  strength: 1,
  memoryBudgetMb: DEFAULT_MEMORY_BUDGET_MB,
  format: null,
  bitDepth: null,
  addNoise: null,
  noiseSeed: 0,
  sigma255: null,
  selfEnsemble: false,
  device: null,
} as const;
