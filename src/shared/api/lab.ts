import type { Genotype } from "#shared/space/genotype.ts";
import type { Evaluation } from "#shared/runs/evaluation.ts";
import type { EvaluationConfig, SearchConfig, TrainConfig } from "#shared/runs/config.ts";
import type { RunEvent, RunState } from "#shared/runs/runEvent.ts";

/** What a look at a data set's folders found. */
export interface DatasetReport {
  readonly name: string;
  readonly folder: string;
  readonly noisyFolder: string | null;
  readonly photos: number;
  readonly fingerprint: string;
  /** Files that were left out, each with the reason. */
  readonly skipped: readonly { readonly file: string; readonly reason: string }[];
  /** For pairs: names found on one side only. */
  readonly unmatchedClean: readonly string[];
  readonly unmatchedNoisy: readonly string[];
  /** False where the photos changed since the data set was added. */
  readonly unchanged: boolean;
}

export interface RunSummary {
  readonly id: string;
  readonly kind: "search" | "train";
  readonly name: string;
  readonly state: RunState;
  readonly reason: string | null;
  readonly folder: string;
  readonly createdAt: string;
  readonly dataset: string;
  readonly datasetFingerprint: string;
  readonly engine: string | null;
  readonly step: number;
  readonly totalSteps: number;
  readonly best: { readonly step: number; readonly psnrDb: number; readonly ssim: number } | null;
  readonly genotypeHash: string | null;
}

export interface DerivedArchitecture {
  readonly genotype: Genotype;
  readonly hash: string;
  readonly epoch: number;
  /** One line per decision: which edge won by what margin, which width path by what product. */
  readonly explanation: readonly string[];
  readonly genotypeFile: string;
  readonly drawingFile: string;
}

export interface DenoiseInput {
  /** A run id (its best checkpoint is taken) or a checkpoint file. */
  readonly model: string;
  /** Photos and folders. */
  readonly inputs: readonly string[];
  /** Folder for the results; null writes beside each source. Sources are never overwritten. */
  readonly outputFolder: string | null;
  readonly strength: number;
  readonly memoryBudgetMb: number;
  /** Null keeps the source's format and depth. */
  readonly format: "png" | "tiff" | "jpeg" | "webp" | null;
  readonly bitDepth: 8 | 16 | null;
  /** Adds this much synthetic noise first (for demonstrations); null adds none. */
  readonly addNoise: EvaluationConfig["noise"] | null;
}

export interface DenoisedFile {
  readonly source: string;
  readonly output: string | null;
  /** Null where it worked. */
  readonly error: string | null;
  readonly seconds: number;
  readonly megapixels: number;
}

export interface DenoiseProgress {
  readonly file: string;
  readonly filesDone: number;
  readonly filesTotal: number;
  readonly tilesDone: number;
  readonly tilesTotal: number;
}

/** Every question to the lab. Long jobs return once they have started; `waitForRun` resolves at their end. */
export interface Lab {
  addDataset(input: { name: string | null; folder: string; noisyFolder: string | null }): Promise<DatasetReport>;
  listDatasets(): Promise<readonly DatasetReport[]>;
  verifyDataset(name: string): Promise<DatasetReport>;
  startSearch(config: SearchConfig): Promise<RunSummary>;
  startTraining(config: TrainConfig, genotype: Genotype): Promise<RunSummary>;
  resumeRun(id: string): Promise<RunSummary>;
  /** Works from any process: the order is left in the run folder for the process that owns the run. */
  controlRun(id: string, want: "pause" | "run" | "stop"): Promise<void>;
  waitForRun(id: string): Promise<RunSummary>;
  subscribe(id: string, listener: (event: RunEvent) => void): () => void;
  /** Derives from a search run: the best epoch by the published score, or any saved epoch. */
  derive(id: string, epoch: number | null): Promise<DerivedArchitecture>;
  evaluate(model: string, config: EvaluationConfig, outputFolder: string | null): Promise<Evaluation>;
  denoise(input: DenoiseInput, onProgress: (progress: DenoiseProgress) => void): Promise<readonly DenoisedFile[]>;
  listRuns(): Promise<readonly RunSummary[]>;
  showRun(idOrPrefix: string): Promise<RunSummary>;
  readRunEvents(id: string): Promise<readonly RunEvent[]>;
  /** Moves the run folder to the lab's trash. */
  removeRun(id: string): Promise<void>;
  rebuildStore(): Promise<{ readonly runs: number; readonly problems: readonly string[] }>;
  /** Stops what this process still runs (saving checkpoints) and ends the compute process. */
  close(): Promise<void>;
}
