/** What the engine can do at best on this machine. */
export interface EngineMeasurement {
  readonly name: string;
  readonly tensorflow: string | null;
  readonly oneDnn: boolean;
  /** The better of a 3x3 convolution [6, 64, 64, 20] -> 80 and a 2048 x 2048 matrix product, in GFLOP/s. */
  readonly peakGflops: number;
}

/** One job: median seconds per step (or photo), its arithmetic without padding, and the peak of the process's memory. */
export interface JobMeasurement {
  readonly seconds: number;
  readonly gflop: number;
  readonly peakRssMb: number;
  readonly mpixelPerSecond?: number;
}

/** The same network in PyTorch, its filters in channels-last layout: medians, and the peak of the process's memory. */
export interface TorchMeasurement {
  readonly version: string;
  readonly threads: number;
  readonly parameters: number;
  readonly trainStepSeconds: number;
  readonly mpixelPerSecond: number;
  readonly peakRssMb: number;
}

export interface Measurements {
  readonly engine: EngineMeasurement;
  readonly searchStep?: JobMeasurement;
  readonly searchStepRecompute?: JobMeasurement;
  readonly trainStep?: JobMeasurement;
  readonly inference?: JobMeasurement;
}
