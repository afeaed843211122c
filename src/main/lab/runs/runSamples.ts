import { existsSync } from "node:fs";
import { readdir, rm } from "node:fs/promises";
import { relative } from "node:path";

import type { SamplePicture } from "#main/compute/protocol.ts";
import { toDiskError } from "#main/files/diskError.ts";
import { writeFileAtomically } from "#main/files/writeFileAtomically.ts";
import { inThread } from "#main/photos/threads/inThread.ts";
import { getSampleFile, type RunPaths, SAMPLE_FILE } from "#main/store/runs/runFolder.ts";
import type { Photo } from "#shared/image/photo.ts";
import { computePsnr } from "#shared/image/psnr.ts";
import { clip } from "#shared/image/scores.ts";
import { isVoid, type Resumed } from "#shared/runs/history/voiding.ts";
import type { EventOf } from "#shared/runs/runEvent.ts";
import { findCrowdedSample } from "#shared/runs/samplePictures.ts";

type SampleEvent = Omit<EventOf<"sample">, "time">;

/** The sample pictures in a run's folder, worked on one after the other. Nobody loses a run for want of a picture. */
export interface RunSamples {
  /** Writes a sample, and drops an older one where there are too many. */
  readonly add: (sample: SamplePicture) => void;
  /** Removes the pictures that a restart makes void: the run makes them again. */
  readonly forgetVoid: (resumed: Resumed) => void;
  /** Resolves when all is done so far. */
  readonly settle: () => Promise<void>;
}

/** Hears of the work; `onTrouble` must not throw. */
export interface SamplesListener {
  readonly onWritten: (event: SampleEvent) => void;
  readonly onTrouble: (message: string) => void;
}

/** Opens the sample pictures of a run that this process owns. */
export function openRunSamples(paths: RunPaths, { onWritten, onTrouble }: SamplesListener): RunSamples {
  let working: Promise<void> = Promise.resolve();
  const work = (act: () => Promise<void>): void => {
    working = working.then(act).catch((error: unknown) => {
      onTrouble(`sample picture: ${error instanceof Error ? error.message : String(error)}`);
    });
  };
  return {
    add: (sample) => work(async () => onWritten(await writeSample(paths, sample))),
    forgetVoid: (resumed) => work(() => removeVoid(paths, resumed)),
    settle: () => working,
  };
}

async function writeSample(
  paths: RunPaths,
  { step, epoch, noisy, denoised, clean }: SamplePicture,
): Promise<SampleEvent> {
  // Neither the photo nor its noise ever changes.
  const noisyFile = await writeOnce(getSampleFile(paths, "noisy"), noisy);
  const cleanFile = await writeOnce(getSampleFile(paths, "clean"), clean);
  const file = getSampleFile(paths, step);
  await writeFileAtomically(file, await inThread("encodePng", denoised, null));
  const crowded = findCrowdedSample(await listSteps(paths));
  if (crowded !== null) await rm(getSampleFile(paths, crowded), { force: true });
  return {
    type: "sample",
    step,
    epoch,
    noisy: toName(paths, noisyFile),
    denoised: toName(paths, file),
    clean: toName(paths, cleanFile),
    psnrDb: computePsnr(clip(denoised), clean),
    noisyPsnrDb: computePsnr(clip(noisy), clean),
  };
}

async function writeOnce(file: string, photo: Photo): Promise<string> {
  if (!existsSync(file)) await writeFileAtomically(file, await inThread("encodePng", photo, null));
  return file;
}

async function removeVoid(paths: RunPaths, resumed: Resumed): Promise<void> {
  for (const step of await listSteps(paths)) {
    if (isVoid(step, resumed)) await rm(getSampleFile(paths, step), { force: true });
  }
}

/** The steps of the pictures that are there, rising. */
async function listSteps({ images }: RunPaths): Promise<number[]> {
  const names = await readdir(images).catch((cause: unknown) => {
    throw toDiskError(`list ${images}`, cause);
  });
  return names
    .flatMap((name) => SAMPLE_FILE.exec(name)?.[1] ?? [])
    .map(Number)
    .sort((a, b) => a - b);
}

/** Run folders move from one system to another, so paths in them have slashes. */
function toName({ folder }: RunPaths, file: string): string {
  return relative(folder, file).replaceAll("\\", "/");
}
