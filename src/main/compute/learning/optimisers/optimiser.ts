import type { Tensor1D } from "@tensorflow/tfjs-core";

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
