import { readNpy } from "#main/files/npy.ts";
import { copyPart, readPixels, writePixels } from "#main/files/pixelFile.ts";
import { drawItem } from "#shared/image/batches.ts";
import { estimateNoise, estimateSigma255 } from "#shared/image/estimateSigma.ts";
import { fitCamera } from "#shared/image/cameraFit/fitCamera.ts";
import { takeShot } from "#shared/image/cameraFit/shot.ts";
import { cropMiddle } from "#shared/image/geometry.ts";
import { toChannels } from "#shared/image/grey.ts";
import { makeNoisy } from "#shared/image/noise.ts";
import { generateSamplePhoto, SAMPLE_SET } from "#shared/image/sampleSet.ts";

import { decodeFile, inspectFile, measureDecoded, readNotes, readShape } from "./decodeFile.ts";
import { encodeAnimation } from "./encodeAnimation.ts";
import { encodeToBytes } from "./encodeToBytes.ts";
import {
  blendPixels,
  copyWhole,
  describeNoise,
  measureGain,
  readTagged,
  toErrorMap,
  writeResult,
  writeWhole,
} from "./pictures.ts";
import { encodePng, renderPicture } from "./renderPicture.ts";
import { hashPhoto } from "./hashPhoto.ts";
import { shrinkPart } from "./shrinkPart.ts";
import { drawWhole, prepareTest, scoreOutput, scoreTest, writeNpy } from "./testPhoto.ts";
import { thumbnailOf, toSmallJpeg, writeExifThumbnail } from "./thumbnailOf.ts";

/** Whatever walks over all values of a photo: done in threads, because it takes seconds for a large one. */
export const JOBS = {
  blendPixels,
  copyPart,
  copyWhole,
  cropMiddle,
  decodeFile,
  describeNoise,
  drawItem,
  drawSample: (index: number) => generateSamplePhoto(index, SAMPLE_SET),
  drawWhole,
  encodeAnimation,
  encodePng,
  encodeToBytes,
  estimateNoise,
  estimateSigma255,
  fitCamera,
  hashPhoto,
  inspectFile,
  makeNoisy,
  measureDecoded,
  measureGain,
  prepareTest,
  readNotes,
  readNpy,
  readPixels,
  readShape,
  readTagged,
  renderPicture,
  scoreOutput,
  scoreTest,
  shrinkPart,
  takeShot,
  thumbnailOf,
  toChannels,
  toErrorMap,
  toSmallJpeg,
  writeExifThumbnail,
  writeNpy,
  writePixels,
  writeResult,
  writeWhole,
} as const;

export type Jobs = typeof JOBS;
export type JobName = keyof Jobs;
