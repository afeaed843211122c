import { cpus } from "node:os";

import * as tf from "@tensorflow/tfjs-core";

import type { NamedPhoto } from "#shared/image/photo.ts";
import type { ComputeEvent } from "#shared/runs/runEvent.ts";

import type { Engine } from "#main/compute/engine/engine.ts";
import type { PhotoSet, SamplePicture } from "#main/compute/protocol.ts";

import type { JobControl } from "./jobControl.ts";

/** What a long job works with besides its request. */
export interface JobContext {
  readonly engine: Engine;
  readonly control: JobControl;
  readonly photos: Readonly<Record<PhotoSet, readonly NamedPhoto[]>>;
  readonly emit: (event: ComputeEvent) => void;
  /** Shows what validation computed anyway. */
  readonly show: (sample: SamplePicture) => void;
  /**
   * Resolves when all that was told so far is kept; never where the host is gone. A checkpoint waits for it: else a run whose
   * host dies just before would go on after events that nobody has.
   */
  readonly settle: () => Promise<void>;
}

/**
 * Tensor ids of the native binding are 32-bit and never used again, so a very long run has to move to a fresh process. A
 * search step takes some ten thousand ids: this is after about a hundred thousand of them.
 */
const LAST_SAFE_TENSOR_ID = 2 ** 30;

/** Whether the job should save and ask for a fresh process. */
export function isOutOfTensorIds(): boolean {
  const newest = tf.scalar(0);
  newest.dispose();
  return newest.id > LAST_SAFE_TENSOR_ID;
}

/** Resident memory and live tensors, for step events. */
export function measureMemory(): { readonly residentMb: number; readonly tensors: number } {
  return { residentMb: process.memoryUsage.rss() / 2 ** 20, tensors: tf.memory().numTensors };
}

/** The system counts in hundredths of a second, so that shorter spans tell little. */
const SHORTEST_SPAN_MS = 1_000;

/** Creates a meter of how much of the computer's processor is busy, 0..1, over the last second or more; absent at first. */
export function createLoadMeter(): () => { readonly cpuShare?: number } {
  let last = { atMs: performance.now(), ...readProcessorTimes() };
  let cpuShare: number | null = null;
  return () => {
    if (performance.now() - last.atMs >= SHORTEST_SPAN_MS) {
      const now = { atMs: performance.now(), ...readProcessorTimes() };
      const span = now.totalMs - last.totalMs;
      if (span > 0) cpuShare = Math.min(1, Math.max(0, (now.busyMs - last.busyMs) / span));
      last = now;
    }
    return cpuShare === null ? {} : { cpuShare };
  };
}

/** Of all cores together since the computer was started. */
function readProcessorTimes(): { readonly busyMs: number; readonly totalMs: number } {
  let [busyMs, totalMs] = [0, 0];
  for (const { times } of cpus()) {
    const all = times.user + times.nice + times.sys + times.idle + times.irq;
    totalMs += all;
    busyMs += all - times.idle;
  }
  return { busyMs, totalMs };
}
