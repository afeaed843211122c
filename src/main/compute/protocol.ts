import type { PixelFile } from "#main/files/pixelFile.ts";
import type { DenoisingEngine, EngineSpeeds, OnnxDevice } from "#shared/api/denoising.ts";
import type { EngineFacts, OnnxDeviceFacts, SelfTestResult } from "#shared/api/doctor.ts";
import type { NetworkSettings } from "#shared/space/spaces/networkPlan.ts";
import type { AnyGenotype } from "#shared/space/spaces/spaces.ts";
import type { ComputeEvent, ValidationScore } from "#shared/runs/runEvent.ts";
import type { Rectangle } from "#shared/image/geometry.ts";
import type { SettledNoise } from "#shared/image/noise.ts";
import type { Photo } from "#shared/image/photo.ts";
import type { SearchConfig, TrainConfig } from "#shared/runs/config.ts";
import type { ModelCard } from "#shared/runs/modelCard.ts";

/** Which set a photo belongs to inside the compute process. */
export type PhotoSet = "weights" | "architecture" | "training" | "validation";

export interface SearchRequest {
  readonly config: SearchConfig;
  /** Absolute run folder; checkpoints go to `checkpoints/`. */
  readonly folder: string;
  /** Continue from the checkpoint in the folder, or start anew. */
  readonly resume: boolean;
  /** Where tables of measured latencies are kept for later searches, absolute; without it only the run keeps its own. */
  readonly latencyFolder?: string;
}

export interface TrainRequest {
  readonly config: TrainConfig;
  readonly genotype: AnyGenotype;
  readonly folder: string;
  readonly resume: boolean;
  /** A file with the network whose filters the training begins with, if any. */
  readonly start?: string | null;
}

/** A job whose steps are to be timed. */
export type TimingRequest =
  | { readonly kind: "search"; readonly config: SearchConfig }
  | { readonly kind: "train"; readonly config: TrainConfig; readonly genotype: AnyGenotype };

/** Mean seconds of a step; of a search's step without an arch step too, null for trainings. */
export interface StepTimes {
  readonly secondsPerStep: number;
  readonly warmUpSeconds: number | null;
}

/** How a long job ended. Diverging is an outcome, not a crash. */
export type JobOutcome =
  | {
      readonly kind: "finished";
      readonly step: number;
      readonly best: { readonly step: number; readonly validation: ValidationScore } | null;
      /** Why it ended before its last step; absent where there is nothing to say. */
      readonly reason?: string;
    }
  | { readonly kind: "stopped"; readonly step: number }
  | { readonly kind: "restart"; readonly step: number }
  | { readonly kind: "diverged"; readonly step: number; readonly quantity: string };

/** A trained network that has been loaded for denoising. */
export interface LoadedNetwork {
  readonly genotype: AnyGenotype;
  readonly genotypeHash: string;
  readonly network: NetworkSettings;
  readonly parameters: number;
  readonly multiplyAddsPerPixel: number;
  readonly receptiveFieldPx: number;
}

/** A network that has been loaded, and on what. */
export interface OpenedNetwork extends LoadedNetwork {
  /** Null for TensorFlow. */
  readonly device: OnnxDevice | null;
  /** Why it is not the device that was asked for; null where it is. */
  readonly fallback: string | null;
}

/** A network in a file, and what it is by its card; null where the file has none. */
export interface ModelFacts extends LoadedNetwork {
  /** See the hash of `ModelCard`. */
  readonly hash: string;
  readonly card: ModelCard | null;
}

export interface ExportRequest {
  /** A checkpoint, or a model's file. */
  readonly file: string;
  readonly format: "safetensors" | "onnx";
  readonly target: string;
  /** False where a file of that name must stay. */
  readonly overwrite: boolean;
  readonly card: ModelCard;
}

export interface DenoiseOptions {
  readonly memoryBudgetMb: number;
  /** The noise in the photo, for networks that are told it; without it, it is estimated. */
  readonly noise?: SettledNoise | undefined;
}

/** How a photo is run through a network. */
export interface PassOptions extends DenoiseOptions {
  /** True averages the results of the eight orientations of the photo, before anything is blended or clipped. */
  readonly selfEnsemble: boolean;
  /** The part of the photo that is denoised, as if there were no other; all of it where none is named. */
  readonly area?: Rectangle | undefined;
}

/** A photo of a run, in files of floats that are read at once. */
export interface PhotoFiles {
  readonly name: string;
  readonly clean: PixelFile;
  readonly noisy?: PixelFile | undefined;
}

/** A validation photo as the network got it, as it came out and as it ought to be: grey or colour as the network takes it, at most `SAMPLE_SIDE_PX` a side, values not clipped. */
export interface SamplePicture {
  readonly step: number;
  readonly epoch: number;
  readonly noisy: Photo;
  readonly denoised: Photo;
  readonly clean: Photo;
}

/** Gets the first validation photo as it went in, came out and ought to be. */
export type ShowPictures = (pictures: Pick<SamplePicture, "noisy" | "denoised" | "clean">) => void;

/** Sample pictures show the middle of a photo, up to this side. */
export const SAMPLE_SIDE_PX = 256;

export type Control = "run" | "pause" | "stop";

/** What the host may ask of the compute process. Photos are sent before the job that uses them. */
export interface ComputeFunctions {
  describeEngine(): Promise<EngineFacts>;
  selfTest(): Promise<readonly SelfTestResult[]>;
  clearPhotos(): Promise<void>;
  addPhoto(set: PhotoSet, photo: PhotoFiles): Promise<void>;
  search(request: SearchRequest): Promise<JobOutcome>;
  train(request: TrainRequest): Promise<JobOutcome>;
  /** Times the steps of a job without doing it. */
  timeSteps(request: TimingRequest): Promise<StepTimes>;
  /** Loads a network from a checkpoint or a model's file for denoising by an engine; `device` is for onnxruntime. */
  loadNetwork(file: string, engine: DenoisingEngine, device: OnnxDevice): Promise<OpenedNetwork>;
  /** Tries everything that onnxruntime may compute on. */
  tryDevices(): Promise<readonly OnnxDeviceFacts[]>;
  /** Reads and checks a model's file without an engine. */
  inspectModel(file: string): Promise<ModelFacts>;
  /** Writes a model's file that onnxruntime has been seen to run; returns the largest difference, of the range 0..1. */
  exportModel(request: ExportRequest): Promise<number>;
  /** Measures the seconds per megapixel that each engine takes for a network. */
  measureEngines(file: string, device: OnnxDevice): Promise<EngineSpeeds>;
  /**
   * Denoises the photo in a file, or a part of it, into another file at full strength, in tiles where memory asks for it; not clipped. Pixels go
   * by files, for a message of a gigabyte would stop both processes.
   */
  denoise(input: PixelFile, target: string, options: PassOptions): Promise<PixelFile>;
  control(want: Control): Promise<void>;
  peakResidentMb(): Promise<number>;
}

/** What the compute process tells the host. */
export interface ComputeListener {
  onEvent(event: ComputeEvent): void;
  /** The first validation photo, at each validation of a run; before that validation's event. */
  onSample(sample: SamplePicture): void;
  /** Tiles done of a running denoise. */
  onTile(done: number, total: number): void;
  /** Resolves when all that was told so far is kept; without it, that is when the other functions return. */
  settle?(): Promise<void>;
}

/** What the compute process may ask of the host. */
export type HostFunctions = Required<ComputeListener>;
