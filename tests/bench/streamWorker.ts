import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

import { serveHost } from "#main/compute/channel.ts";
import { encodeSafetensors } from "#main/compute/checkpoint/safetensors.ts";
import type { ComputeFunctions, Control, JobOutcome } from "#main/compute/protocol.ts";
import { writeFileAtomically } from "#main/files/writeFileAtomically.ts";
import { createRandom } from "#shared/random/createRandom.ts";
import type { ValidationScore } from "#shared/runs/runEvent.ts";
import { type ArchLogits, IMPOSSIBLE_LOGIT, initArchLogits } from "#shared/space/cells/archLogits.ts";
import type { SearchSpace } from "#shared/space/spaces/searchSpace.ts";

import { parseStreamName, STEPS_PER_EPOCH, STEPS_PER_LOG_LINE } from "./streamName.ts";

/**
 * A compute process that tells what a long run tells, as fast as it is asked to, and computes nothing. The name of the run
 * says how many steps and how many a second.
 */
const RANDOM_SEED = 11;

const orders: { want: Control } = { want: "run" };

const functions: ComputeFunctions = {
  describeEngine: () =>
    Promise.resolve({
      backend: "tensorflow",
      tensorflowVersion: null,
      device: "a script",
      isGpu: false,
      oneDnn: false,
      dilatedConvolution: "native",
      fallbackReason: null,
      routes: [],
    }),
  selfTest: () => Promise.resolve([]),
  clearPhotos: () => Promise.resolve(),
  addPhoto: () => Promise.resolve(),
  search: ({ config, folder }) =>
    stream(config.name, folder, (step, epoch) =>
      tell.onEvent({ type: "arch", step, epoch, arch: archAt(config.space, epoch) }),
    ),
  train: ({ config, folder }) => stream(config.name, folder, () => undefined),
  loadNetwork: () => Promise.reject(new Error("stream: there is no network behind this run")),
  inspectModel: () => Promise.reject(new Error("stream: there is no network behind this run")),
  exportModel: () => Promise.reject(new Error("stream: there is no network behind this run")),
  tryDevices: () => Promise.resolve([]),
  measureEngines: () => Promise.reject(new Error("stream: there is no network behind this run")),
  timeSteps: () => Promise.reject(new Error("stream: there is no network behind this run")),
  denoise: (input) => Promise.resolve(input),
  control: (want) => {
    orders.want = want;
    return Promise.resolve();
  },
  peakResidentMb: () => Promise.resolve(1),
};

/** Keeps to the clock and not to the length of its sleeps, so that the rate is the one that was asked for. */
async function stream(
  name: string,
  folder: string,
  onEpoch: (step: number, epoch: number) => void,
): Promise<JobOutcome> {
  const { steps, rate } = parseStreamName(name);
  const start = performance.now();
  for (let step = 1; step <= steps; step += 1) {
    await sleep(Math.max(0, start + (1000 * step) / rate - performance.now()));
    if (orders.want === "stop") return { kind: "stopped", step };
    tellStep(step, steps, rate);
    if (step % STEPS_PER_LOG_LINE === 0) tellLog(step);
    if (step % STEPS_PER_EPOCH !== 0) continue;
    const epoch = step / STEPS_PER_EPOCH;
    onEpoch(step, epoch);
    tell.onEvent({ type: "validation", step, epoch, validation: scoreAt(epoch), isBest: true });
    await saveCheckpoints(folder, step);
  }
  return { kind: "finished", step: steps, best: { step: steps, validation: scoreAt(steps / STEPS_PER_EPOCH) } };
}

function tellStep(step: number, totalSteps: number, rate: number): void {
  const random = createRandom(RANDOM_SEED, "step", step);
  const loss = 0.02 + 0.4 / Math.sqrt(step);
  tell.onEvent({
    type: "step",
    step,
    totalSteps,
    epoch: step / STEPS_PER_EPOCH,
    loss: loss * (1 + 0.3 * random.uniform()),
    archLoss: loss * (1.1 + 0.4 * random.uniform()),
    learningRate: 0.0125 * (1 + Math.cos((Math.PI * step) / totalSteps)),
    secondsPerStep: (1 + 0.2 * random.uniform()) / rate,
    residentMb: 2400 + 200 * random.uniform(),
    tensors: 321,
  });
}

function tellLog(step: number): void {
  tell.onEvent({ type: "log", level: "info", message: `step ${step}: a line as long as a line of a log usually is` });
}

/** Each edge is pulled towards a primitive of its own, each router towards a move. */
function archAt(space: SearchSpace, epoch: number): ArchLogits {
  const initial = initArchLogits(space);
  const pull = (row: readonly number[], ...path: readonly (string | number)[]): number[] => {
    const winner = createRandom(RANDOM_SEED, ...path).integer(row.length);
    const jitter = createRandom(RANDOM_SEED, ...path, epoch);
    return row.map((logit, index) => {
      if (logit === IMPOSSIBLE_LOGIT) return logit;
      return logit + 0.02 * jitter.gaussian() + (index === winner ? 0.03 * epoch : 0);
    });
  };
  return {
    ...initial,
    alpha: initial.alpha.map((rows, layer) => rows.map((row, edge) => pull(row, "alpha", layer, edge))),
    beta: initial.beta.map((row, router) => pull(row, "beta", router)),
  };
}

function scoreAt(epoch: number): ValidationScore {
  const psnrDb = 28 - 6 / epoch;
  const ssim = 0.82 - 0.2 / epoch;
  return { psnrDb, ssim, score: ssim + psnrDb / 100 };
}

async function saveCheckpoints(folder: string, step: number): Promise<void> {
  const bytes = encodeSafetensors(new Map(), { step: String(step) });
  for (const kind of ["last", "best"] as const) {
    const file = `checkpoints/${kind}.safetensors`;
    await writeFileAtomically(join(folder, file), bytes);
    tell.onEvent({ type: "checkpoint", step, kind, file });
  }
}

const tell = serveHost(functions);
