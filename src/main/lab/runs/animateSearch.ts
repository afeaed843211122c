import { readFile } from "node:fs/promises";
import { join } from "node:path";

import { inThread } from "#main/photos/threads/inThread.ts";
import { readEvents } from "#main/store/runs/eventLog.ts";
import { getRunPaths, readManifest } from "#main/store/runs/runFolder.ts";
import type { LabFile } from "#shared/api/lab.ts";
import type { PictureRef } from "#shared/api/pictures.ts";
import type { RunSummary } from "#shared/api/runs.ts";
import { at } from "#shared/at.ts";
import { LabError } from "#shared/labError.ts";
import { addEvents, createRunHistory, type RunHistory } from "#shared/runs/history/runHistory.ts";
import { secondsToPlay } from "#shared/runs/playTime.ts";
import type { EventOf } from "#shared/runs/runEvent.ts";
import { type ArchView, viewArch } from "#shared/space/cells/archView.ts";
import { momentAt } from "#shared/space/cells/mixArch.ts";
import { drawSearchFrame, type SearchFrame } from "#shared/space/drawing/drawSearchFrame.ts";
import type { Trellis } from "#shared/space/drawing/drawTrellis.ts";
import { THEMES } from "#shared/space/drawing/theme.ts";
import type { SearchSpace } from "#shared/space/spaces/searchSpace.ts";
import { routersOf } from "#shared/space/spaces/widths/widthLevels.ts";

import { notASearch } from "./searchEpochs.ts";

/** A played search needs neither steps nor log lines. */
const LIMITS = { steps: 1, logLines: 0 };
const FRAMES_PER_SECOND = 8;
/** Of one size of some hundred kilobytes each while they are put together. */
const MOST_FRAMES = 120;
/** How long the end is looked at before it begins again. */
const LAST_FRAME_MS = 2_000;

/**
 * Makes an animated GIF of a search from its first to its last epoch. Throws LabError `bad_config` for a training and for a layer
 * that is not there, and `not_found` for a search without an epoch.
 */
export async function animateSearch(
  { folder, name, id }: Pick<RunSummary, "folder" | "name" | "id">,
  { layer, theme }: Extract<PictureRef, { kind: "animation" }>,
): Promise<LabFile> {
  const paths = getRunPaths(folder);
  const manifest = await readManifest(paths);
  if (manifest.kind !== "search") throw notASearch(id);
  const { space } = manifest.config;
  if (layer >= space.layers) {
    throw new LabError("bad_config", `the layer must be below ${space.layers}, got ${layer}`);
  }
  const history = addEvents(createRunHistory(), readEvents(paths.events), LIMITS);
  if (history.archs.length === 0) throw new LabError("not_found", `run ${id} has no saved epoch yet`);
  const samples = await readSamples(folder, history);
  const seconds = secondsToPlay(history.archs.length);
  const frames: string[] = [];
  for (const place of listPlaces(history.archs.length, seconds)) {
    const view = viewArch(momentAt(history.archs, place), space);
    const frame = { name, layer, view, ...describeRun(history, space, view), sample: findSample(samples, view.step) };
    frames.push(drawSearchFrame(frame, THEMES[theme]));
    // Each takes some milliseconds, and others wait.
    await new Promise(setImmediate);
  }
  const delayMs = frames.length < 2 ? LAST_FRAME_MS : (seconds * 1000) / (frames.length - 1);
  const made = await inThread("encodeAnimation", frames, Math.round(delayMs), LAST_FRAME_MS);
  return { ...made, type: "image/gif", name: `${name}.gif`, shape: null };
}

/** Places among the epochs at equal distances, both ends included. */
function listPlaces(epochs: number, seconds: number): number[] {
  if (epochs === 1) return [0];
  const frames = Math.min(MOST_FRAMES, Math.round(seconds * FRAMES_PER_SECOND));
  return Array.from({ length: frames }, (_, frame) => (frame / (frames - 1)) * (epochs - 1));
}

function describeRun(
  { archs, validations }: RunHistory,
  space: SearchSpace,
  view: ArchView,
): Pick<SearchFrame, "lastEpoch" | "scores" | "trellis"> {
  return {
    lastEpoch: at(archs, archs.length - 1, "epochs").epoch,
    scores: validations.map(({ epoch, validation }) => ({ epoch, psnrDb: validation.psnrDb })),
    trellis: space.kind === "scales" ? null : toTrellis(space, view),
  };
}

function toTrellis(space: SearchSpace, { moveWeights, genotype, isPathUndecided }: ArchView): Trellis {
  const { layers, widthFactors } = space;
  const { widthPath } = genotype;
  return { layers, widthFactors, routers: routersOf(space), moveWeights, widthPath, isUndecided: isPathUndecided };
}

/** A sample photo whose file is in memory. */
interface ReadSample {
  readonly event: EventOf<"sample">;
  readonly address: string;
}

/** Reads the pictures that are there; a run drops some. */
async function readSamples(folder: string, { samples }: RunHistory): Promise<readonly ReadSample[]> {
  const read = samples.map(async (event): Promise<ReadSample | null> => {
    const bytes = await readFile(join(folder, event.denoised)).catch(() => null);
    return bytes === null ? null : { event, address: `data:image/png;base64,${bytes.toString("base64")}` };
  });
  return (await Promise.all(read)).filter((sample) => sample !== null);
}

/** The newest sample up to a step, or the first. */
function findSample(samples: readonly ReadSample[], step: number): SearchFrame["sample"] {
  const found = samples.findLast(({ event }) => event.step <= step) ?? samples[0];
  if (found === undefined) return null;
  const { epoch, psnrDb } = found.event;
  const score = psnrDb === undefined ? "" : `, ${psnrDb.toFixed(2)} dB`;
  return { address: found.address, text: `denoised, epoch ${Math.round(epoch)}${score}` };
}
