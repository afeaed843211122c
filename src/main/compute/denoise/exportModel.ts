import { writeFileAtomically } from "#main/files/writeFileAtomically.ts";
import { writeNewFile } from "#main/files/writeNewFile.ts";
import { LabError } from "#shared/labError.ts";
import { at } from "#shared/at.ts";
import { noiseMapOf } from "#shared/image/noise.ts";
import type { Photo } from "#shared/image/photo.ts";
import { createRandom } from "#shared/random/createRandom.ts";
import { inputPlanes } from "#shared/space/graph/frame.ts";
import { largestScale } from "#shared/space/graph/networkGraph.ts";
import { buildNetworkGraph } from "#shared/space/spaces/spaces.ts";

import { loadOnnxRuntime, openSession } from "#main/compute/engine/onnxRuntime.ts";
import type { TrainingKernels } from "#main/compute/kernels/kernels.ts";
import { decodeModel, encodeModel, type ModelFormat, readModel } from "#main/compute/network/modelFile.ts";
import type { TrainedNetwork } from "#main/compute/network/networkFile.ts";
import { encodeOnnxFile } from "#main/compute/network/onnxFile.ts";
import type { ExportRequest } from "#main/compute/protocol.ts";

import { Denoiser } from "./denoiser.ts";
import { runOnce, toTensor } from "./onnxTiles.ts";

/** Of the range 0..1: a file whose pictures differ by more is not the network. */
const TOLERANCE = 1e-4;
/** Small enough for plain JavaScript, and more than one receptive field of the usual networks. */
const CHECK_SIDE_PX = 64;
const CHECK_NOISE = { kind: "gaussian", sigma255: 25 } as const;
const CHECK_BUDGET_MB = 2048;

/**
 * Writes a model with its card as a file of a format, after what stands in the file has been run in onnxruntime and compared
 * with the engine's own picture. Returns the largest difference, of the range 0..1. Throws LabError `engine` above 1e-4.
 */
export async function exportModel(
  kernels: TrainingKernels,
  { file, format, target, overwrite, card }: ExportRequest,
): Promise<number> {
  const { network } = await readModel(file);
  const bytes = encodeModel({ network, card }, format);
  const largest = await compareExport(kernels, network, bytes, format);
  // Written so that NaN is refused too.
  if (!(largest <= TOLERANCE)) {
    throw new LabError(
      "engine",
      `what onnxruntime makes of the file must differ by at most ${TOLERANCE} of the range, got ${largest}`,
    );
  }
  await (overwrite ? writeFileAtomically : writeNewFile)(target, bytes);
  return largest;
}

async function compareExport(
  kernels: TrainingKernels,
  network: TrainedNetwork,
  bytes: Uint8Array,
  format: ModelFormat,
): Promise<number> {
  const { plan } = network;
  const scale = largestScale(buildNetworkGraph(plan));
  const photo = drawPicture(Math.ceil(CHECK_SIDE_PX / scale) * scale, plan.imageChannels);
  const own = await denoiseOwn(kernels, network, photo);
  const model = format === "onnx" ? bytes : encodeOnnxFile(decodeModel(bytes, format, "export").network, {});
  const runtime = await loadOnnxRuntime();
  const session = await openSession(runtime, model);
  try {
    const pictures = [photo, noiseMapOf(CHECK_NOISE, photo)];
    const feeds = inputPlanes(plan).map(({ name }, i) => [name, toTensor(runtime, at(pictures, i, "planes"))] as const);
    const output = await runOnce(session, Object.fromEntries(feeds));
    return output.reduce((most, value, i) => {
      const difference = Math.abs(value - at(own.data, i, "export: pixels"));
      return difference <= most ? most : difference;
    }, 0);
  } finally {
    await session.release();
  }
}

async function denoiseOwn(kernels: TrainingKernels, network: TrainedNetwork, photo: Photo): Promise<Photo> {
  const denoiser = new Denoiser(kernels, network);
  try {
    const options = { memoryBudgetMb: CHECK_BUDGET_MB, noise: CHECK_NOISE };
    return await denoiser.denoise(photo, options, () => undefined);
  } finally {
    denoiser.dispose();
  }
}

/** A slope with noise, always the same. */
function drawPicture(side: number, channels: 1 | 3): Photo {
  const random = createRandom(0, "export");
  const data = Float32Array.from(
    { length: side * side * channels },
    (_, i) => 0.2 + (0.6 * (i % (side * channels))) / (side * channels) + 0.1 * random.gaussian(),
  );
  return { width: side, height: side, channels, data };
}
