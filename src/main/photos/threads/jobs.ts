import { readNpy } from "#main/files/npy.ts";
import { readPixels, writePixels } from "#main/files/pixelFile.ts";
import { estimateSigma255 } from "#shared/image/estimateSigma.ts";
import { toChannels } from "#shared/image/grey.ts";
import { makeNoisy } from "#shared/image/noise.ts";
import { generateSamplePhoto, SAMPLE_SET } from "#shared/image/sampleSet.ts";

import { decodeFile, inspectFile, measureDecoded, readShape } from "./decodeFile.ts";
import { encodeToBytes } from "./encodeToBytes.ts";
import { blendPixels, describeNoise, encodeResult, toErrorMap } from "./pictures.ts";
import { encodePng, renderPicture } from "./renderPicture.ts";
import { drawWhole, prepareTest, scoreOutput, scoreTest, writeNpy } from "./testPhoto.ts";
import { thumbnailOf } from "./thumbnailOf.ts";

/** Whatever walks over all values of a photo: done in threads, because it takes seconds for a large one. */
export const JOBS = {
  blendPixels,
  decodeFile,
  describeNoise,
  drawSample: (index: number) => generateSamplePhoto(index, SAMPLE_SET),
  drawWhole,
  encodePng,
  encodeResult,
  encodeToBytes,
  estimateSigma255,
  inspectFile,
  makeNoisy,
  measureDecoded,
  prepareTest,
  readNpy,
  readPixels,
  readShape,
  renderPicture,
  scoreOutput,
  scoreTest,
  thumbnailOf,
  toChannels,
  toErrorMap,
  writeNpy,
  writePixels,
} as const;

export type Jobs = typeof JOBS;
export type JobName = keyof Jobs;
