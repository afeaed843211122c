import * as tf from "@tensorflow/tfjs-core";

import { Denoiser } from "#main/compute/denoise/denoiser.ts";
import { startEngine } from "#main/compute/engine/engine.ts";
import type { Engine } from "#main/compute/engine/engine.ts";
import { countStored, initialiseParameters } from "#main/compute/layers/parameters.ts";
import { SupernetState } from "#main/compute/search/supernetState.ts";
import { archStep, weightStep } from "#main/compute/search/supernetStep.ts";
import { NetworkState } from "#main/compute/train/networkState.ts";
import { networkStep } from "#main/compute/train/networkStep.ts";
import type { Batch } from "#shared/image/batches.ts";
import { DEFAULT_MEMORY_BUDGET_MB } from "#shared/image/memoryBudget.ts";
import { createRandom } from "#shared/random/createRandom.ts";
import { searchConfigSchema, trainConfigSchema } from "#shared/runs/config.ts";
import { supernetCost } from "#shared/space/spaces/widths/supernetParameters.ts";
import { networkCost } from "#shared/space/graph/costModel.ts";
import { graphParameters, graphStatistics } from "#shared/space/graph/graphParameters.ts";

import { BENCH_GRAPH, BENCH_PLAN, REPEATS, WARM_UP } from "./benchNetwork.ts";
import type { EngineMeasurement, JobMeasurement } from "./measurements.ts";
import { WORKLOADS } from "./workloads.ts";
import type { Workload } from "./workloads.ts";

const RUNNERS: Readonly<Record<Workload, (engine: Engine) => Promise<EngineMeasurement | JobMeasurement>>> = {
  engine: measureEngine,
  searchStep: (engine) => measureSearch(engine, false),
  searchStepRecompute: (engine) => measureSearch(engine, true),
  trainStep: measureTraining,
  inference: measureInference,
};

async function measureEngine({ kernels, backend, tensorflowVersion }: Engine): Promise<EngineMeasurement> {
  const x = tf.randomNormal<tf.Rank.R4>([6, 64, 64, 20]);
  const filter = tf.randomNormal<tf.Rank.R4>([3, 3, 20, 80]);
  const square = tf.randomNormal<tf.Rank.R2>([2048, 2048]);
  const convolution = (2 * 6 * 64 * 64 * 9 * 20 * 80) / fastest(() => kernels.conv2d(x, filter, 1).dispose());
  const product = (2 * 2048 ** 3) / fastest(() => tf.matMul(square, square).dispose());
  return {
    name: backend,
    tensorflow: tensorflowVersion,
    oneDnn: process.env["TF_ENABLE_ONEDNN_OPTS"] === "1",
    peakGflops: Math.max(convolution, product) / 1e9,
  };
}

/** One arch step and one weight step at the published search settings. */
async function measureSearch({ kernels }: Engine, recompute: boolean): Promise<JobMeasurement> {
  const config = searchConfigSchema.parse({ search: { recompute } });
  const { batchSize, patchSize } = config.search;
  const state = new SupernetState(config);
  const batch = noiseBatch(batchSize * patchSize * patchSize);
  const seconds = median(() => {
    archStep(kernels, config, state, batch, 0);
    weightStep(kernels, config, state, batch, 1e-4);
  });
  const forward = 2 * supernetCost(config.space).multiplyAddsPerPixel * batchSize * patchSize * patchSize;
  // An arch step goes forward and back to the inputs; a weight step also to the weights.
  return { seconds, gflop: (5 * forward) / 1e9, peakRssMb: peakRssMb() };
}

/** One training step of a network of mixed primitives at the published batch. */
async function measureTraining({ kernels }: Engine): Promise<JobMeasurement> {
  const config = trainConfigSchema.parse({});
  const { batchSize, patchSize } = config.training;
  const state = new NetworkState(config, BENCH_PLAN);
  const batch = noiseBatch(batchSize * patchSize * patchSize);
  const seconds = median(() => networkStep(kernels, config, state, batch, 1e-4));
  const forward = 2 * multiplyAdds() * batchSize * patchSize * patchSize;
  return { seconds, gflop: (3 * forward) / 1e9, peakRssMb: peakRssMb() };
}

/** Speed on one megapixel, memory on twenty-four. */
async function measureInference({ kernels }: Engine): Promise<JobMeasurement> {
  const denoiser = new Denoiser(kernels, {
    plan: BENCH_PLAN,
    parameters: initialiseParameters(graphParameters(BENCH_GRAPH), 0),
    // Not the zeros and ones of an untrained network, whose norms would fold away.
    statistics: noise(countStored(graphStatistics(BENCH_GRAPH))).map((value) => 0.1 + value),
  });
  const options = { memoryBudgetMb: DEFAULT_MEMORY_BUDGET_MB };
  const times: number[] = [];
  for (let run = 0; run < WARM_UP + REPEATS; run++) {
    const photo = { width: 1000, height: 1000, channels: 1 as const, data: noise(1_000_000) };
    const start = performance.now();
    await denoiser.denoise(photo, options, () => undefined);
    times.push((performance.now() - start) / 1000);
  }
  const large = { width: 6000, height: 4000, channels: 1 as const, data: noise(24_000_000) };
  await denoiser.denoise(large, options, () => undefined);
  const seconds = middle(times.slice(WARM_UP));
  const gflop = (2 * multiplyAdds() * 1e6) / 1e9;
  return { seconds, gflop, peakRssMb: peakRssMb(), mpixelPerSecond: 1 / seconds };
}

function multiplyAdds(): number {
  return networkCost(BENCH_GRAPH).multiplyAddsPerPixel;
}

function noise(length: number): Float32Array {
  const random = createRandom(0, "bench");
  return Float32Array.from({ length }, () => random.uniform());
}

function noiseBatch(length: number): Batch {
  return { noisy: { channels: 1, data: noise(length) }, clean: { channels: 1, data: noise(length).reverse() } };
}

function median(run: () => unknown): number {
  const times = Array.from({ length: WARM_UP + REPEATS }, () => {
    const start = performance.now();
    run();
    return (performance.now() - start) / 1000;
  });
  return middle(times.slice(WARM_UP));
}

function middle(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN;
}

function fastest(run: () => void): number {
  const times = Array.from({ length: 20 }, () => {
    const start = performance.now();
    run();
    return (performance.now() - start) / 1000;
  });
  return Math.min(...times);
}

function peakRssMb(): number {
  return process.resourceUsage().maxRSS / 1024;
}

const name = WORKLOADS.find((workload) => workload === process.argv[2]);
if (name === undefined) {
  throw new Error(`bench: the workload must be one of ${WORKLOADS.join(", ")}, got ${process.argv[2] ?? "none"}`);
}
process.stdout.write(`${JSON.stringify(await RUNNERS[name](await startEngine()))}\n`);
