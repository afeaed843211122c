import { setTimeout as sleep } from "node:timers/promises";

import { serveHost } from "#main/compute/channel.ts";
import type { ComputeFunctions, JobOutcome } from "#main/compute/protocol.ts";
import { LAB_ERROR_KINDS, LabError, type LabErrorKind } from "#shared/labError.ts";

const STEPS = 20;

let isStopped = false;

/** A compute process without an engine: it counts steps. The run's name says how the search ends. */
const functions: Pick<
  ComputeFunctions,
  "describeEngine" | "clearPhotos" | "addPhoto" | "search" | "control" | "peakResidentMb"
> = {
  describeEngine: () =>
    Promise.resolve({
      backend: "tensorflow",
      tensorflowVersion: null,
      device: "test",
      isGpu: false,
      oneDnn: false,
      dilatedConvolution: "native",
      fallbackReason: null,
      routes: [],
    }),
  clearPhotos: () => Promise.resolve(),
  addPhoto: () => Promise.resolve(),
  search: ({ config }) => countSteps(config.name),
  control: (want) => {
    isStopped = want === "stop";
    return Promise.resolve();
  },
  peakResidentMb: () => Promise.resolve(1),
};

async function countSteps(ending: string): Promise<JobOutcome> {
  const isEndless = ending === "until stopped" || ending === "deaf";
  for (let step = 1; isEndless || step <= STEPS; step += 1) {
    tell.onEvent({
      type: "step",
      step,
      totalSteps: STEPS,
      epoch: step / STEPS,
      loss: 1 / step,
      learningRate: 0.1,
      secondsPerStep: 0.01,
      residentMb: 1,
      tensors: 0,
    });
    await sleep(10);
    if (isStopped && ending !== "deaf") return { kind: "stopped", step };
    if (step === 3 && isLabErrorKind(ending)) throw new LabError(ending, "search: ended as the test asked");
    if (step === 3 && ending === "crash") process.exit(9);
    if (ending === "early" && step === 5)
      return { kind: "finished", step, best: null, reason: "stopped early at step 5" };
    if (ending === "diverge" && step === 3) return { kind: "diverged", step, quantity: "loss" };
  }
  return { kind: "finished", step: STEPS, best: null };
}

function isLabErrorKind(name: string): name is LabErrorKind {
  return (LAB_ERROR_KINDS as readonly string[]).includes(name);
}

const tell = serveHost(functions as ComputeFunctions);
