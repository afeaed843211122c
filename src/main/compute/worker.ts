import { stat } from "node:fs/promises";

import type { DenoisingEngine, OnnxDevice } from "#shared/api/denoising.ts";
import { LabError } from "#shared/labError.ts";
import { type PixelFile, readPixels } from "#main/files/pixelFile.ts";
import type { NamedPhoto, Photo } from "#shared/image/photo.ts";
import { networkCost } from "#shared/space/graph/costModel.ts";
import { buildNetworkGraph, genotypeHash } from "#shared/space/spaces/spaces.ts";

import { serveHost } from "./channel.ts";
import { Denoiser } from "./denoise/denoiser.ts";
import { denoiseFile } from "./denoise/denoiseFile.ts";
import { measureSecondsPerMegapixel } from "./denoise/engineSpeeds.ts";
import { exportModel } from "./denoise/exportModel.ts";
import { useOnnxRuntime } from "./denoise/onnxTiles.ts";
import type { TileEngine } from "./denoise/tiles.ts";
import { describeEngine, startEngine, toMemoryError } from "./engine/engine.ts";
import { loadOnnxRuntime, tryDevice } from "./engine/onnxRuntime.ts";
import { runSelfTest } from "./doctor/selfTest.ts";
import { tryDevices } from "./doctor/tryDevices.ts";
import type { JobContext } from "./job/jobContext.ts";
import { JobControl } from "./job/jobControl.ts";
import type { TrainingKernels } from "./kernels/kernels.ts";
import { hashNetwork, readModel } from "./network/modelFile.ts";
import type { TrainedNetwork } from "./network/networkFile.ts";
import { encodeOnnxFile } from "./network/onnxFile.ts";
import type {
  ComputeFunctions,
  JobOutcome,
  LoadedNetwork,
  ModelFacts,
  OpenedNetwork,
  PhotoFiles,
  PhotoSet,
} from "./protocol.ts";
import { runSearch } from "./search/searchLoop.ts";
import { timeSteps } from "./timing/timeSteps.ts";
import { runTraining } from "./train/trainLoop.ts";

/** The compute process: everything with tensors happens here, one job at a time. */
class Worker implements ComputeFunctions {
  readonly #photos: Record<PhotoSet, NamedPhoto[]> = { weights: [], architecture: [], training: [], validation: [] };
  #control = new JobControl();
  #isBusy = false;
  #denoiser: Denoiser | null = null;
  /** Photo after photo asks for the same network: what is loaded stays. */
  #loaded: { readonly key: string; readonly facts: OpenedNetwork } | null = null;

  async describeEngine(): ReturnType<ComputeFunctions["describeEngine"]> {
    return describeEngine(await startEngine());
  }

  async selfTest(): ReturnType<ComputeFunctions["selfTest"]> {
    return runSelfTest(await startEngine());
  }

  async clearPhotos(): Promise<void> {
    for (const photos of Object.values(this.#photos)) {
      photos.length = 0;
    }
  }

  async addPhoto(set: PhotoSet, { name, clean, noisy }: PhotoFiles): Promise<void> {
    const photo = { name, clean: await readWhole(clean) };
    this.#photos[set].push(noisy === undefined ? photo : { ...photo, noisy: await readWhole(noisy) });
  }

  search(request: Parameters<ComputeFunctions["search"]>[0]): Promise<JobOutcome> {
    return this.#runJob((context) => runSearch(context, request));
  }

  train(request: Parameters<ComputeFunctions["train"]>[0]): Promise<JobOutcome> {
    return this.#runJob((context) => runTraining(context, request));
  }

  async timeSteps(request: Parameters<ComputeFunctions["timeSteps"]>[0]): ReturnType<ComputeFunctions["timeSteps"]> {
    const engine = await startEngine();
    try {
      return timeSteps(engine, request);
    } catch (error) {
      throw toMemoryError(error);
    }
  }

  async loadNetwork(...[file, by, wanted]: Parameters<ComputeFunctions["loadNetwork"]>): Promise<OpenedNetwork> {
    const key = `${by} ${wanted} ${file} ${await markOfFile(file)}`;
    if (this.#loaded?.key === key) return this.#loaded.facts;
    const { network } = await readModel(file);
    const { engine, device, fallback } = await openEngine(network, by, wanted);
    this.#denoiser?.dispose();
    this.#denoiser = new Denoiser(engine, network);
    this.#loaded = { key, facts: { ...describeNetwork(network), device, fallback } };
    return this.#loaded.facts;
  }

  async inspectModel(file: string): Promise<ModelFacts> {
    const { network, card } = await readModel(file);
    return { ...describeNetwork(network), hash: hashNetwork(network), card };
  }

  async exportModel(request: Parameters<ComputeFunctions["exportModel"]>[0]): Promise<number> {
    const { kernels } = await startEngine();
    return exportModel(kernels, request);
  }

  tryDevices(): ReturnType<ComputeFunctions["tryDevices"]> {
    return tryDevices();
  }

  async measureEngines(
    ...[file, wanted]: Parameters<ComputeFunctions["measureEngines"]>
  ): ReturnType<ComputeFunctions["measureEngines"]> {
    const { network } = await readModel(file);
    const { engine: onnx } = await openEngine(network, "onnxruntime", wanted);
    const { kernels } = await startEngine();
    return {
      tensorflow: await measureSecondsPerMegapixel(kernels, network),
      onnxruntime: await measureSecondsPerMegapixel(onnx, network),
    };
  }

  async denoise(
    ...[input, target, options]: Parameters<ComputeFunctions["denoise"]>
  ): ReturnType<ComputeFunctions["denoise"]> {
    if (this.#denoiser === null) {
      throw new LabError("not_found", "a network must be loaded first, got none");
    }
    try {
      return await denoiseFile(this.#denoiser, input, target, options, (done, total) => host.onTile(done, total));
    } catch (error) {
      throw toMemoryError(error);
    }
  }

  async control(want: Parameters<ComputeFunctions["control"]>[0]): Promise<void> {
    this.#control.set(want);
  }

  async peakResidentMb(): Promise<number> {
    return process.resourceUsage().maxRSS / 1024;
  }

  async #runJob(run: (context: JobContext) => Promise<JobOutcome>): Promise<JobOutcome> {
    if (this.#isBusy) {
      throw new LabError("busy", "a job runs already; one compute process does one at a time");
    }
    this.#isBusy = true;
    this.#control = new JobControl();
    try {
      const engine = await startEngine();
      const emit: JobContext["emit"] = (event) => host.onEvent(event);
      const show: JobContext["show"] = (sample) => host.onSample(sample);
      const settle: JobContext["settle"] = () => host.settle();
      return await run({ engine, control: this.#control, photos: this.#photos, emit, show, settle });
    } catch (error) {
      throw toMemoryError(error);
    } finally {
      this.#isBusy = false;
    }
  }
}

/** Finds what computes a network; the processor takes the place of a device that is not there. */
async function openEngine(
  network: TrainedNetwork,
  by: DenoisingEngine,
  wanted: OnnxDevice,
): Promise<{ readonly engine: TrainingKernels | TileEngine } & Pick<OpenedNetwork, "device" | "fallback">> {
  if (by === "tensorflow") return { engine: (await startEngine()).kernels, device: null, fallback: null };
  const runtime = await loadOnnxRuntime();
  const problem = wanted === "cpu" ? null : await tryDevice(runtime, encodeOnnxFile(network, {}), wanted);
  if (problem === null) return { engine: useOnnxRuntime(runtime, wanted), device: wanted, fallback: null };
  return {
    engine: useOnnxRuntime(runtime),
    device: "cpu",
    fallback: `${problem}; the processor denoises in its place`,
  };
}

function readWhole(pixels: PixelFile): Promise<Photo> {
  const { width, height } = pixels;
  return readPixels(pixels, { x: 0, y: 0, width, height });
}

/** Changes when a file does; a file that is not there is told by who reads it. */
async function markOfFile(file: string): Promise<string> {
  const found = await stat(file).catch(() => null);
  return found === null ? "" : `${found.size} ${found.mtimeMs} ${found.ino}`;
}

function describeNetwork({ plan }: TrainedNetwork): LoadedNetwork {
  const { genotype, ...network } = plan;
  const { parameters, multiplyAddsPerPixel, receptiveFieldPx } = networkCost(buildNetworkGraph(plan));
  const hash = genotypeHash(genotype);
  return { genotype, genotypeHash: hash, network, parameters, multiplyAddsPerPixel, receptiveFieldPx };
}

const host = serveHost(new Worker());
