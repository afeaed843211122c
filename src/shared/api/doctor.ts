import type { OnnxDevice } from "./denoising.ts";

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
  /** Why plain JavaScript computes; null where TensorFlow does. */
  readonly fallbackReason: string | null;
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

/** What the machine has to offer. Null stands for what could not be found out here. */
export interface SystemFacts {
  readonly node: string;
  /** Operating system, release and processor architecture. */
  readonly platform: string;
  readonly cpu: {
    readonly model: string;
    readonly cores: number;
    readonly avx2: boolean | null;
    readonly avx512: boolean | null;
  };
  /** Bounded by the container where there is one. */
  readonly memory: { readonly totalMb: number; readonly availableMb: number };
  /** The malloc settings with which the compute process starts. */
  readonly malloc: Readonly<Record<string, string>>;
  readonly disks: readonly { readonly holds: string; readonly folder: string; readonly freeMb: number | null }[];
  /** Name, driver and memory of each NVIDIA GPU. */
  readonly gpus: readonly string[];
  /** The commands of a Python with pip and of a C++ compiler. */
  readonly tools: { readonly python: string | null; readonly compiler: string | null };
}

/** Something that onnxruntime may compute on, and whether it does, with the reason where not. */
export interface OnnxDeviceFacts {
  readonly device: OnnxDevice;
  readonly ok: boolean;
  readonly detail: string;
}

/** What `hinas doctor --json` prints. */
export interface DoctorReport {
  /** True where a native engine runs and passes its self-test. */
  readonly healthy: boolean;
  readonly engine: EngineFacts;
  readonly selfTest: readonly SelfTestResult[];
  /** What photos can be denoised on without TensorFlow. */
  readonly onnxDevices: readonly OnnxDeviceFacts[];
  readonly system: SystemFacts;
  /** What to do next, most important first. */
  readonly advice: readonly string[];
}
