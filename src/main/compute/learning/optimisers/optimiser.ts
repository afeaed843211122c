import * as tf from "@tensorflow/tfjs-core";
import type { Tensor1D } from "@tensorflow/tfjs-core";

import { floatsOf } from "#main/compute/checkpoint/checkpointFile.ts";
import type { Checkpoint } from "#main/compute/checkpoint/checkpointFile.ts";
import type { NamedTensor } from "#main/compute/checkpoint/safetensors.ts";
import { readVector, toNamedVector } from "#main/compute/learning/vectors.ts";

/** Per parameter number: a factor of the learning rate, and whether weight decay applies, both `[N]`. */
export interface ParameterRules {
  readonly rateFactor: Tensor1D;
  readonly decayMask: Tensor1D;
}

/** Turns gradients into new parameters. Everything is one vector `[N]` over all parameters. */
export interface Optimiser {
  /** Returns the new parameters, the caller's to dispose; `step` counts from 0. Inputs stay the caller's. */
  update(parameters: Tensor1D, gradient: Tensor1D, learningRate: number, step: number): Tensor1D;
  /** What must be restored for an exact continuation, by name; still the optimiser's own. */
  slots(): ReadonlyMap<string, Tensor1D>;
  /** Takes over slots read from a checkpoint. */
  restore(slots: ReadonlyMap<string, Tensor1D>): void;
  dispose(): void;
}

/** Returns the slot of a name; a missing one is a bug in the caller. */
export function slotOf(slots: ReadonlyMap<string, Tensor1D>, name: string): Tensor1D {
  const slot = slots.get(name);
  if (slot === undefined) throw new Error(`optimiser: slot ${name} must be there, got ${[...slots.keys()].join(", ")}`);
  return slot;
}

/** Reads an optimiser's slots as the tensors `optimiser.<slot>` of a checkpoint. */
export async function packSlots(optimiser: Optimiser): Promise<readonly (readonly [string, NamedTensor])[]> {
  const slots = [...optimiser.slots()];
  return Promise.all(
    slots.map(async ([name, slot]) => [toTensorName(name), toNamedVector(await readVector(slot))] as const),
  );
}

/** Gives an optimiser of `count` parameters its slots back. Throws LabError bad_checkpoint, changing nothing, where one does not fit. */
export function restoreSlots(optimiser: Optimiser, checkpoint: Checkpoint, file: string, count: number): void {
  const slots = [...optimiser.slots().keys()].map(
    (name) => [name, floatsOf(checkpoint, file, toTensorName(name), count)] as const,
  );
  optimiser.restore(new Map(slots.map(([name, slot]) => [name, tf.tensor1d(slot)])));
}

function toTensorName(slot: string): string {
  return `optimiser.${slot}`;
}
