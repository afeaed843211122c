import { existsSync } from "node:fs";
import { appendFile, readFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

import { serveHost } from "#main/compute/channel.ts";
import { decodeSafetensors, encodeSafetensors } from "#main/compute/checkpoint/safetensors.ts";
import { denoiseFile } from "#main/compute/denoise/denoiseFile.ts";
import type { ComputeFunctions, Control, DenoiseOptions, JobOutcome } from "#main/compute/protocol.ts";
import { writeFileAtomically } from "#main/files/writeFileAtomically.ts";
import { LabError } from "#shared/labError.ts";
import { gaussianBlur } from "#shared/image/gaussianBlur.ts";
import type { Photo } from "#shared/image/photo.ts";
import { initArchLogits } from "#shared/space/cells/archLogits.ts";
import { networkSettingsSchema } from "#shared/space/spaces/networkPlan.ts";

import { TINY_GENOTYPE } from "./tinyGenotype.ts";
import { denoiseWhole } from "./wholeDenoiser.ts";

/**
 * A compute process that keeps the protocol without tensors: steps take a millisecond, checkpoints hold the step alone,
 * and its network is a blur. The name of a run tells it to go wrong, wherever it says so: `diverge at 7`, `crash at 7`, `restart at 7`,
 * `wait at 7` (until an order comes), `mutter at 7` (writes a line as TensorFlow does, and waits). `FALLBACK_REASON` in the environment lets it say that plain JavaScript computes,
 * `DIE_AT_PHOTOS` kills it while a run is prepared;
 * `TELL_PLACE` lets it say on which cards and how many threads it computes;
 * into the file `DENOISE_RECORD` it writes the options of each photo, a line of JSON each.
 */
const STEPS = 40;
const STEPS_PER_EPOCH = 10;

const fallbackReason = process.env["FALLBACK_REASON"] ?? null;
const denoiseRecord = process.env["DENOISE_RECORD"];
const { TELL_PLACE, CUDA_VISIBLE_DEVICES, TF_NUM_INTRAOP_THREADS } = process.env;
if (TELL_PLACE !== undefined) process.stderr.write(`cards ${CUDA_VISIBLE_DEVICES} threads ${TF_NUM_INTRAOP_THREADS}\n`);
const orders = { want: "run" as Control, given: 0 };
const hasOrder = (want: Control): boolean => orders.want === want;
const photos = new Map<string, string[]>();

const functions: ComputeFunctions = {
  describeEngine: () =>
    Promise.resolve({
      backend: fallbackReason === null ? "tensorflow" : "cpu",
      tensorflowVersion: null,
      device: "script",
      isGpu: false,
      oneDnn: false,
      dilatedConvolution: "native",
      fallbackReason,
      routes: [],
    }),
  selfTest: () => Promise.resolve([]),
  clearPhotos: () => {
    photos.clear();
    return Promise.resolve();
  },
  addPhoto: (set, { name, clean }) => {
    if (process.env["DIE_AT_PHOTOS"] !== undefined) process.kill(process.pid, "SIGKILL");
    const label = `${name} [${clean.height}, ${clean.width}, ${clean.channels}]`;
    photos.set(set, [...(photos.get(set) ?? []), label]);
    return Promise.resolve();
  },
  search: ({ config, folder, resume }) =>
    runSteps({ folder, resume, script: config.name, imageChannels: 1, noiseMap: false }, (step) => {
      const epoch = step / STEPS_PER_EPOCH;
      const logits = initArchLogits(config.space);
      const alpha = logits.alpha.map((layer) =>
        layer.map((row) => row.map((_, k) => (k === epoch % row.length ? 1 : 0))),
      );
      tell.onEvent({ type: "arch", step, epoch, arch: { ...logits, alpha } });
    }),
  train: ({ config, folder, resume }) => {
    const { imageChannels, noiseMap } = config.network;
    return runSteps({ folder, resume, script: config.name, imageChannels, noiseMap }, () => undefined);
  },
  timeSteps: ({ kind }) => Promise.resolve({ secondsPerStep: 0.5, warmUpSeconds: kind === "search" ? 0.2 : null }),
  loadNetwork: async (file, engine, device) => {
    const { metadata } = decodeSafetensors(await readFile(file), file);
    return {
      genotype: TINY_GENOTYPE,
      genotypeHash: "0badf00d",
      network: networkSettingsSchema.parse({
        imageChannels: Number(metadata["imageChannels"] ?? 1),
        noiseMap: metadata["noiseMap"] === "true",
      }),
      parameters: 12,
      multiplyAddsPerPixel: 34,
      receptiveFieldPx: 5,
      device: engine === "tensorflow" ? null : device,
      fallback: null,
    };
  },
  inspectModel: () => Promise.reject(new Error("script: there is no network behind a blur")),
  exportModel: () => Promise.reject(new Error("script: there is no network behind a blur")),
  tryDevices: () => Promise.resolve([{ device: "cpu", ok: true, detail: "works" }]),
  measureEngines: () => Promise.resolve({ tensorflow: 0.5, onnxruntime: 0.75 }),
  denoise: (input, target, passes) => {
    const denoise = async (photo: Photo, options: DenoiseOptions): Promise<Photo> => {
      if (denoiseRecord !== undefined) await appendFile(denoiseRecord, `${JSON.stringify(options)}\n`);
      tell.onTile(1, 1);
      return gaussianBlur(photo, 1);
    };
    return denoiseFile(denoiseWhole(denoise), input, target, passes, () => undefined);
  },
  control: (now) => {
    orders.want = now;
    orders.given += 1;
    return Promise.resolve();
  },
  peakResidentMb: () => Promise.resolve(99),
};

interface Job {
  readonly folder: string;
  readonly resume: boolean;
  readonly script: string;
  readonly imageChannels: 1 | 3;
  readonly noiseMap: boolean;
}

async function runSteps(job: Job, onEpoch: (step: number) => void): Promise<JobOutcome> {
  orders.want = "run";
  const file = join(job.folder, "checkpoints/last.safetensors");
  let step = 0;
  if (job.resume) {
    step = Number(decodeSafetensors(await readFile(file), file).metadata["step"]);
    tell.onEvent({ type: "resumed", step });
  }
  const message = JSON.stringify(Object.fromEntries(photos));
  tell.onEvent({ type: "log", level: "info", message });
  const [, what, at] = /(\w+) at (\d+)/.exec(job.script) ?? [];
  while (step < STEPS) {
    await sleep(1);
    while (hasOrder("pause")) await sleep(1);
    if (hasOrder("stop")) return saveAnd({ kind: "stopped", step }, job);
    // Counted, for a pause that is taken back at once leaves no other trace.
    const { given } = orders;
    step += 1;
    tellStep(step);
    if (step % STEPS_PER_EPOCH === 0) {
      onEpoch(step);
      showSample(step);
      tellValidation(step);
      await saveAnd({ kind: "stopped", step }, job);
    }
    if (step !== Number(at)) continue;
    if (what === "diverge") return { kind: "diverged", step, quantity: "loss" };
    if (what === "crash") process.exit(9);
    if (what === "mutter") process.stderr.write("a word of TensorFlow\n");
    if (what === "wait" || what === "mutter") while (orders.given === given) await sleep(1);
    if (what === "refuse") throw new LabError("memory", "search: needs 9 GB, got 1 GB");
    if (what === "restart" && !job.resume) return saveAnd({ kind: "restart", step }, job);
  }
  const validation = { psnrDb: 20, ssim: 0.5, score: 0.7 };
  return { kind: "finished", step, best: { step: 20, validation } };
}

function tellStep(step: number): void {
  tell.onEvent({
    type: "step",
    step,
    totalSteps: STEPS,
    epoch: step / STEPS_PER_EPOCH,
    loss: 1 / step,
    learningRate: 0.1,
    secondsPerStep: 0.001,
    residentMb: 1,
    tensors: process.pid,
  });
}

/** What the network gets is white; what comes out is as bright as steps are done, and ought to be grey. */
function showSample(step: number): void {
  const picture = (value: number): Photo => ({
    width: 3,
    height: 2,
    channels: 1,
    data: new Float32Array(6).fill(value),
  });
  tell.onSample({
    step,
    epoch: step / STEPS_PER_EPOCH,
    noisy: picture(1.25),
    denoised: picture(step / STEPS),
    clean: picture(0.5),
  });
}

/** The second epoch is the best. */
function tellValidation(step: number): void {
  const psnrDb = 20 + (step === 20 ? 5 : step / 10);
  const validation = { psnrDb, ssim: 0.5, score: 0.5 + psnrDb / 100 };
  tell.onEvent({ type: "validation", step, epoch: step / STEPS_PER_EPOCH, validation, isBest: step <= 20 });
}

async function saveAnd(
  outcome: JobOutcome & { step: number },
  { folder, imageChannels, noiseMap }: Job,
): Promise<JobOutcome> {
  const network = { imageChannels: String(imageChannels), noiseMap: String(noiseMap) };
  const bytes = encodeSafetensors(new Map(), { step: String(outcome.step), ...network });
  // As the real one does: a continuation from the last checkpoint must find the events and the best that it counts on.
  await tell.settle();
  for (const kind of ["best", "last"] as const) {
    const file = `checkpoints/${kind}.safetensors`;
    if (kind === "best" && outcome.step !== 20 && existsSync(join(folder, file))) continue;
    await writeFileAtomically(join(folder, file), bytes);
    tell.onEvent({ type: "checkpoint", step: outcome.step, kind, file });
  }
  return outcome;
}

const tell = serveHost(functions);
