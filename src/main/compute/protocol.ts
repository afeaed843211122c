import type { Genotype } from "#shared/space/genotype.ts";
import type { ComputeEvent, ValidationScore } from "#shared/runs/runEvent.ts";
import type { NamedPhoto, Photo } from "#shared/image/photo.ts";
import type { SearchConfig, TrainConfig } from "#shared/runs/config.ts";

/** What the running engine is; part of every run's env.json and of every reported figure. */
export interface EngineFacts {
  /** `tensorflow` or `cpu` (plain JavaScript). */
  readonly backend: "tensorflow" | "cpu";
  readonly tensorflowVersion: string | null;
  readonly device: string;
  readonly isGpu: boolean;
  readonly oneDnn: boolean;
  /** How dilated convolutions are computed, chosen by the start-up self-test. */
  readonly dilatedConvolution: "native" | "space_to_batch";
  /** The routes that were tried to get an engine, in order, with why each one failed or that it worked. */
  readonly routes: readonly { readonly route: string; readonly ok: boolean; readonly detail: string }[];
}

/** One line of the self-test: a primitive or layer, the largest relative error of its gradient against finite differences. */
export interface SelfTestResult {
  readonly name: string;
  readonly relativeError: number;
  readonly tolerance: number;
  readonly ok: boolean;
}

/** Which set a photo belongs to inside the compute process. */
export type PhotoSet = "weights" | "architecture" | "training" | "validation";

export interface SearchRequest {
  readonly config: SearchConfig;
  /** Absolute run folder; checkpoints go to `checkpoints/`. */
  readonly folder: string;
  /** Continue from the checkpoint in the folder, or start anew. */
  readonly resume: boolean;
}

export interface TrainRequest {
  readonly config: TrainConfig;
  readonly genotype: Genotype;
  readonly folder: string;
  readonly resume: boolean;
}

/** How a long job ended. Diverging is an outcome, not a crash. */
export type JobOutcome =
  | {
      readonly kind: "finished";
      readonly step: number;
      readonly best: { readonly step: number; readonly validation: ValidationScore } | null;
    }
  | { readonly kind: "stopped"; readonly step: number }
  | { readonly kind: "restart"; readonly step: number }
  | { readonly kind: "diverged"; readonly step: number; readonly quantity: string };

/** A trained network that has been loaded for denoising. */
export interface LoadedNetwork {
  readonly genotype: Genotype;
  readonly genotypeHash: string;
  readonly parameters: number;
  readonly multiplyAddsPerPixel: number;
  readonly receptiveFieldPx: number;
}

export interface DenoiseOptions {
  readonly memoryBudgetMb: number;
  /** 0 returns the input, 1 the network's output. */
  readonly strength: number;
}

export type Control = "run" | "pause" | "stop";

/** What the host may ask of the compute process. Photos are sent before the job that uses them. */
export interface ComputeFunctions {
  describeEngine(): Promise<EngineFacts>;
  selfTest(): Promise<readonly SelfTestResult[]>;
  clearPhotos(): Promise<void>;
  addPhoto(set: PhotoSet, photo: NamedPhoto): Promise<void>;
  search(request: SearchRequest): Promise<JobOutcome>;
  train(request: TrainRequest): Promise<JobOutcome>;
  /** Loads a checkpoint file (safetensors with the genotype in its metadata). */
  loadNetwork(checkpointFile: string): Promise<LoadedNetwork>;
  /** Denoises a photo (grey, or colour channel by channel), in tiles where memory asks for it; clipped to 0..1 once at the end. */
  denoise(photo: Photo, options: DenoiseOptions): Promise<Photo>;
  control(want: Control): Promise<void>;
  peakResidentMb(): Promise<number>;
}

/** What the compute process tells the host. */
export interface ComputeListener {
  onEvent(event: ComputeEvent): void;
  /** Tiles done of a running denoise. */
  onTile(done: number, total: number): void;
}
