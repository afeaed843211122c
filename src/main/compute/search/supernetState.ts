import * as tf from "@tensorflow/tfjs-core";
import type { Tensor1D } from "@tensorflow/tfjs-core";
import { z } from "zod";

import type { SearchConfig } from "#shared/runs/config.ts";
import type { ParameterSpec } from "#shared/space/graph/parameters.ts";
import { searchSpaceSchema } from "#shared/space/spaces/searchSpace.ts";
import type { SearchSpace } from "#shared/space/spaces/searchSpace.ts";
import { outerSpaceOf } from "#shared/space/spaces/outerSpaces.ts";

import {
  areFinite,
  checkSame,
  describeMissing,
  floatsOf,
  noteOf,
  readCheckpoint,
  stepOf,
  writeCheckpoint,
} from "#main/compute/checkpoint/checkpointFile.ts";
import type { Checkpoint } from "#main/compute/checkpoint/checkpointFile.ts";
import type { NamedTensor } from "#main/compute/checkpoint/safetensors.ts";
import { bestSoFarSchema } from "#main/compute/job/runLoop.ts";
import type { BestSoFar, JobState } from "#main/compute/job/runLoop.ts";
import type { PreparedStep } from "#main/compute/kernels/kernels.ts";
import { countStored, initialiseParameters } from "#main/compute/layers/parameters.ts";
import type { ArchWeightGradients } from "#main/compute/supernet/archLeaves.ts";
import { fromEdgeTensors, toEdgeTensors } from "#main/compute/supernet/edgeTensors.ts";
import type { PlainTensor } from "#main/compute/supernet/edgeTensors.ts";
import { Adam } from "#main/compute/learning/optimisers/adam.ts";
import { searchRules } from "#main/compute/learning/optimisers/buildOptimiser.ts";
import { packSlots, restoreSlots } from "#main/compute/learning/optimisers/optimiser.ts";
import type { Optimiser, ParameterRules } from "#main/compute/learning/optimisers/optimiser.ts";
import { Sgd } from "#main/compute/learning/optimisers/sgd.ts";
import { readVector, toNamedVector } from "#main/compute/learning/vectors.ts";

import { ArchVariables } from "./archVariables.ts";
import { type EpochMeasure, epochMeasureSchema } from "./stopping/epochMeasure.ts";

/** A prepared step, and how its gradient's numbers belong to op and move weights. */
export interface PreparedWalk {
  readonly step: PreparedStep;
  readonly sumGradients: (gradient: Float32Array) => ArchWeightGradients;
}

/** Everything that a search changes as it goes: weight variables, arch variables, both optimisers, the step. */
export class SupernetState implements JobState {
  readonly specs: readonly ParameterSpec[];
  readonly arch: ArchVariables;
  /** Weight steps done. */
  step = 0;
  best: BestSoFar | null = null;
  /** What the rule for stopping has seen. */
  measures: readonly EpochMeasure[] = [];
  readonly #config: SearchConfig;
  readonly #rules: ParameterRules;
  readonly #optimiser: Optimiser;
  #weights: Tensor1D;
  readonly #prepared = new Map<string, PreparedWalk>();

  constructor(config: SearchConfig) {
    this.#config = config;
    this.specs = outerSpaceOf(config.space).parameters(config.space);
    this.arch = new ArchVariables(config.space, config.search.arch);
    this.#rules = searchRules(this.specs, config.search.weights);
    this.#optimiser = buildWeightOptimiser(config.search.weights, this.#rules);
    this.#weights = tf.tensor1d(initialiseParameters(this.specs, config.seed));
  }

  /** The weight variables as one vector `[N]`; the state's own. */
  get weights(): Tensor1D {
    return this.#weights;
  }

  /** Returns the step of this name that was prepared the first time, which is the state's own. */
  prepared(name: string, prepare: () => PreparedWalk): PreparedWalk {
    const step = this.#prepared.get(name) ?? prepare();
    this.#prepared.set(name, step);
    return step;
  }

  /** Moves the weight variables down a gradient `[N]`, which is disposed. */
  updateWeights(gradient: Tensor1D, learningRate: number): void {
    const updated = this.#optimiser.update(this.#weights, gradient, learningRate, this.step);
    tf.dispose([this.#weights, gradient]);
    this.#weights = updated;
    this.step += 1;
  }

  /** Factors of the learning rate, `[N]`; the state's own. */
  get rateFactor(): Tensor1D {
    return this.#rules.rateFactor;
  }

  /** What the weight variables would be after a step down a gradient `[N]`, the caller's to dispose; nothing moves. */
  previewWeights(gradient: Tensor1D, learningRate: number): Tensor1D {
    if (this.#optimiser instanceof Sgd) return this.#optimiser.preview(this.#weights, gradient, learningRate);
    throw new Error("search: an unrolled step needs SGD");
  }

  /** Writes everything that a continuation needs. Returns false, writing nothing, where a number is not finite. */
  save(file: string): Promise<boolean> {
    return this.#write(file, true);
  }

  /** Writes only what describes the supernet. Returns false, writing nothing, where a number is not finite. */
  saveSupernet(file: string): Promise<boolean> {
    return this.#write(file, false);
  }

  async #write(file: string, withOptimisers: boolean): Promise<boolean> {
    const weights = await readVector(this.#weights);
    const arch = this.arch.state();
    const tensors = new Map<string, NamedTensor>([["arch.logits", toNamedVector(arch.logits)]]);
    if (withOptimisers) {
      tensors.set("arch.first_moment", toNamedVector(arch.firstMoment));
      tensors.set("arch.second_moment", toNamedVector(arch.secondMoment));
    }
    if (this.#config.search.keepSupernetWeights) {
      toEdgeTensors(this.#config.space, weights).forEach((tensor, name) => tensors.set(name, tensor));
      if (withOptimisers) {
        for (const [name, slot] of await packSlots(this.#optimiser)) tensors.set(name, slot);
      }
    }
    if (!areFinite(tensors) || !weights.every(Number.isFinite)) {
      return false;
    }
    const notes = {
      step: String(this.step),
      best: JSON.stringify(this.best),
      space: JSON.stringify(this.#config.space),
      arch: JSON.stringify(this.arch.logits()),
      ...(this.measures.length === 0 ? {} : { measures: JSON.stringify(this.measures) }),
    };
    await writeCheckpoint(file, { kind: "search", tensors, notes });
    return true;
  }

  /** Continues from what `save` wrote. Throws LabError bad_checkpoint where it does not fit this search. */
  async restore(file: string): Promise<void> {
    const checkpoint = await readCheckpoint(file, ["search"]);
    const { space } = this.#config;
    checkSpace(checkpoint, file, space);
    const step = stepOf(checkpoint, file);
    const best = noteOf(checkpoint, file, "best", bestSoFarSchema.nullable());
    // A search without a rule for stopping has none.
    const measures =
      checkpoint.notes["measures"] === undefined
        ? []
        : noteOf(checkpoint, file, "measures", z.array(epochMeasureSchema));
    const { length } = this.arch.state().logits;
    const plain = new Map<string, PlainTensor>();
    checkpoint.tensors.forEach(({ shape, data }, name) => {
      if (data instanceof Float32Array) {
        plain.set(name, { shape, data });
      }
    });
    const weights = fromEdgeTensors(space, plain, (name, shape) =>
      describeMissing(file, name, `shape [${shape.join(", ")}]`, plain.get(name)?.shape.join(", ") ?? "nothing"),
    );
    const arch = {
      logits: floatsOf(checkpoint, file, "arch.logits", length),
      firstMoment: floatsOf(checkpoint, file, "arch.first_moment", length),
      secondMoment: floatsOf(checkpoint, file, "arch.second_moment", length),
    };
    restoreSlots(this.#optimiser, checkpoint, file, countStored(this.specs));
    this.arch.restore(arch);
    this.#weights.dispose();
    this.#weights = tf.tensor1d(weights);
    this.step = step;
    this.best = best;
    this.measures = measures;
  }

  dispose(): void {
    this.#optimiser.dispose();
    for (const { step } of this.#prepared.values()) step.dispose();
    tf.dispose([this.#weights, this.#rules.rateFactor, this.#rules.decayMask]);
  }
}

/** How long Adam remembers the gradient's size (Kingma and Ba 2015). */
const ADAM_BETA2 = 0.999;

/** The momentum of SGD is the first decay of Adam. */
function buildWeightOptimiser(weights: SearchConfig["search"]["weights"], rules: ParameterRules): Optimiser {
  if (weights.optimiser === "sgd") return new Sgd(weights, rules);
  const { momentum, weightDecay } = weights;
  return new Adam({ kind: "adam", beta1: momentum, beta2: ADAM_BETA2, weightDecay }, rules);
}

/** Numbers are restored by position, which means something only in the same space. */
function checkSpace(checkpoint: Checkpoint, file: string, space: SearchSpace): void {
  const stored: Readonly<Record<string, unknown>> = noteOf(checkpoint, file, "space", searchSpaceSchema);
  for (const [part, wanted] of Object.entries(space)) checkSame(file, `space.${part}`, wanted, stored[part]);
}
