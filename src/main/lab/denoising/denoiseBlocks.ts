import { countBytes, createPixels, type PixelFile } from "#main/files/pixelFile.ts";
import { inThread } from "#main/photos/threads/inThread.ts";
import type { Rectangle } from "#shared/image/geometry.ts";
import { isMappable, type SettledNoise } from "#shared/image/noise.ts";
import { growWithin } from "#shared/image/tiles.ts";
import { largestScale } from "#shared/space/graph/networkGraph.ts";
import { inputMarginPx } from "#shared/space/graph/reach.ts";
import { buildNetworkGraph } from "#shared/space/spaces/spaces.ts";

import { type WorkFolder, withWorkFiles } from "#main/lab/tasks/workFolder.ts";

import type { OpenNetwork } from "./denoiseEngine.ts";
import type { KeptInput } from "./denoiseItems.ts";
import { denoisePhoto, noiseToTell } from "./denoisePhoto.ts";
import { countWork } from "./quickPart.ts";

/** A photo is done in blocks of about so many pixels: between two of them a newer wish may take its place. */
const BLOCK_PIXELS = 5e5;
/** Blocks are at least so many margins wide and high, so that what they share with their neighbours is little. */
const MARGINS_OF_BLOCK = 4;

/** How a photo is denoised to look at. */
export interface Passes {
  /** The noise that was said to be in it; null where the estimate counts, or what was added. */
  readonly sigma255: number | null;
  readonly memoryBudgetMb: number;
  readonly selfEnsemble: boolean;
}

/** How far a network looks around, and at multiples of how many pixels its parts must begin. */
export interface Surroundings {
  readonly margin: number;
  readonly step: number;
}

/** What parts of a photo are made with. */
export interface BlockContext {
  readonly work: Pick<WorkFolder, "newFile">;
  /** Seconds that a megapixel took last, by engine and network. */
  readonly paces: Map<string, number>;
}

/** Tells how much around a part a network must see, so that the part is what it is in the whole photo. */
export function lookAround({ loaded: { network, genotype } }: Pick<OpenNetwork, "loaded">): Surroundings {
  const graph = buildNetworkGraph({ ...network, genotype });
  return { margin: inputMarginPx(graph), step: largestScale(graph) };
}

/** Cuts a photo into blocks that cover every pixel once, row by row; a small photo is one. */
export function cutBlocks(
  { width, height }: Pick<PixelFile, "width" | "height">,
  margin: number,
): readonly Rectangle[] {
  const side = Math.max(1, MARGINS_OF_BLOCK * margin, Math.sqrt(BLOCK_PIXELS));
  const columns = Math.max(1, Math.floor(width / side));
  const rowHeight = Math.max(MARGINS_OF_BLOCK * margin, (BLOCK_PIXELS * columns) / width);
  const rows = Math.max(1, Math.floor(height / rowHeight));
  const edge = (length: number, parts: number, index: number): number => Math.floor((index * length) / parts);
  return Array.from({ length: rows * columns }, (_, index) => {
    const [row, column] = [Math.floor(index / columns), index % columns];
    const [x, y] = [edge(width, columns, column), edge(height, rows, row)];
    return { x, y, width: edge(width, columns, column + 1) - x, height: edge(height, rows, row + 1) - y };
  });
}

/** Makes the file that blocks are put into. Throws LabError `disk` or `permission`. */
export async function createOutput(
  { work }: Pick<BlockContext, "work">,
  { width, height, channels }: PixelFile,
): Promise<PixelFile> {
  const shape = { width, height, channels };
  return createPixels(await work.newFile(".f32", countBytes(shape)), shape);
}

/**
 * Denoises one part with all around it that it sees, and puts it at a place in a file. Returns the seconds that it took.
 * Throws LabError.
 */
export async function denoiseBlock(
  context: BlockContext,
  open: OpenNetwork,
  { input, noise: known, estimatedSigma255 }: KeptInput,
  { sigma255, memoryBudgetMb, selfEnsemble }: Passes,
  area: Rectangle,
  target: { readonly file: PixelFile; readonly x: number; readonly y: number },
): Promise<number> {
  const { margin, step } = lookAround(open);
  const seen = toSteps(growWithin(input, area, margin), step, input);
  const isWhole = seen.width === input.width && seen.height === input.height;
  const estimate: SettledNoise = { kind: "gaussian", sigma255: estimatedSigma255 };
  // Of a part alone a network would estimate another noise than of the whole photo.
  const ofPart = known !== undefined && isMappable(known) ? known : estimate;
  const noise = isWhole ? noiseToTell(known, estimatedSigma255, { selfEnsemble }) : ofPart;
  const said: SettledNoise | undefined = sigma255 === null ? noise : { kind: "gaussian", sigma255 };
  return withWorkFiles(context.work, [".f32"], async ([file]) => {
    const passes = { memoryBudgetMb, noise: said, selfEnsemble, area: isWhole ? undefined : seen };
    const { output, seconds } = await denoisePhoto(open.compute, input, file, passes);
    keepPace(context, open, seconds / countWork(area, margin));
    const inside = { ...area, x: area.x - seen.x, y: area.y - seen.y };
    await inThread("copyPart", output, inside, target.file, { x: target.x, y: target.y });
    return seconds;
  });
}

/** The seconds that a megapixel took last by this network; null where none was done yet. */
export function findPace({ paces }: Pick<BlockContext, "paces">, open: OpenNetwork): number | null {
  return paces.get(toPaceKey(open)) ?? null;
}

/** Remembers the seconds that a megapixel took by this network. */
export function keepPace({ paces }: Pick<BlockContext, "paces">, open: OpenNetwork, seconds: number): void {
  paces.set(toPaceKey(open), seconds);
}

function toPaceKey({ engine, loaded: { device }, file }: OpenNetwork): string {
  return `${engine} ${device} ${file}`;
}

/** Grows an area so that it begins and ends at multiples of a step, or at the photo's edge. */
function toSteps({ x, y, width, height }: Rectangle, step: number, whole: PixelFile): Rectangle {
  const [left, top] = [Math.floor(x / step) * step, Math.floor(y / step) * step];
  const right = Math.min(whole.width, Math.ceil((x + width) / step) * step);
  const bottom = Math.min(whole.height, Math.ceil((y + height) / step) * step);
  return { x: left, y: top, width: right - left, height: bottom - top };
}
