import * as tf from "@tensorflow/tfjs-core";
import type { Tensor1D } from "@tensorflow/tfjs-core";
import { z } from "zod";

import { createRandom } from "#shared/random/createRandom.ts";
import type { SearchConfig } from "#shared/runs/config.ts";
import type { ParameterSpec } from "#shared/space/graph/parameters.ts";
import type { Prices } from "#shared/space/graph/prices.ts";
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
import type { ArchWeightGradients, ArchWeights } from "#main/compute/supernet/archLeaves.ts";
import { fromEdgeTensors, toEdgeTensors } from "#main/compute/supernet/edgeTensors.ts";
import type { PlainTensor } from "#main/compute/supernet/edgeTensors.ts";
import { countSkips } from "#main/compute/supernet/skipMasks.ts";
import { Adam } from "#main/compute/learning/optimisers/adam.ts";
import { searchRules } from "#main/compute/learning/optimisers/buildOptimiser.ts";
import { packSlots, restoreSlots } from "#main/compute/learning/optimisers/optimiser.ts";
import type { Optimiser, ParameterRules } from "#main/compute/learning/optimisers/optimiser.ts";
import { Sgd } from "#main/compute/learning/optimisers/sgd.ts";
import { readVector, toNamedVector } from "#main/compute/learning/vectors.ts";

import { ArchVariables } from "./archVariables.ts";
import { type CostTerm, openCostTerm } from "./cost/costTerm.ts";
import { alphaPenaltyAt, alphaPenaltyGradient } from "./stabilisers/alphaPenalty.ts";
import { archProgress } from "./stabilisers/archProgress.ts";
import { auxiliarySkipWeight, withAuxiliarySkip } from "./stabilisers/auxiliarySkip.ts";
import { keptPrimitives, weakestPrimitives } from "./stabilisers/dropping.ts";
import { perturb } from "./stabilisers/perturbation.ts";
import { drawSkipFactors, skipDropoutRate } from "./stabilisers/skipDropout.ts";
import { type EpochMeasure, epochMeasureSchema } from "./stopping/epochMeasure.ts";

/** What a walk gives; gradients that were not wanted are null. */
export interface Gradients {
  readonly loss: number;
  /** The caller's to dispose. */
  readonly weightGradient: Tensor1D | null;
  readonly archGradients: ArchWeightGradients | null;
}

/** A prepared step, and how its gradient's numbers belong to op and move weights. */
export interface PreparedWalk {
  readonly step: PreparedStep;
  readonly sumGradients: (gradient: Float32Array) => ArchWeightGradients;
}

/** Everything that a search changes as it goes: weight variables, arch variables, both optimisers, the step. */
export class SupernetState implements JobState {
  readonly specs: readonly ParameterSpec[];
  readonly arch: ArchVariables;
  /** Null where the loss alone counts. */
  readonly cost: CostTerm | null;
  /** Weight steps done. */
  step = 0;
  best: BestSoFar | null = null;
  /** What the rule for stopping has seen. */
  measures: readonly EpochMeasure[] = [];
  readonly #config: SearchConfig;
  readonly #stepsPerEpoch: number;
  readonly #rules: ParameterRules;
  readonly #optimiser: Optimiser;
  #weights: Tensor1D;
  readonly #prepared = new Map<string, PreparedWalk>();

  /** `latency` are the prices of a search whose cost is measured latency. Without `stepsPerEpoch` the search stays in its first epoch. */
  constructor(config: SearchConfig, latency: Prices | null = null, stepsPerEpoch = Infinity) {
    this.#config = config;
    this.specs = outerSpaceOf(config.space).parameters(config.space);
    const { opWeights, edgeNormalisation: hasEdgeWeights } = config.search.stabilisers;
    this.arch = new ArchVariables(config.space, config.search.arch, { opWeights: opWeights.kind, hasEdgeWeights });
    this.#stepsPerEpoch = stepsPerEpoch;
    this.cost = openCostTerm(config, latency);
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

  /** Op and move weights as the supernet runs with them at this step, of the state's arch variables or of `arch`. */
  archWeights(arch: ArchVariables = this.arch): ArchWeights {
    return this.#withAuxiliarySkip(arch.weights());
  }

  /** The arch weights that a weight step takes: perturbed where the settings say so. `walk` gives loss and gradients with others. */
  weightStepArch(walk: (weights: ArchWeights) => Gradients): ArchWeights {
    const { perturbation } = this.#config.search.stabilisers;
    const random = createRandom(this.#config.seed, "perturbation", this.step);
    const perturbed = perturb(this.arch.weights(), perturbation, this.#archProgress(), random, (weights) => {
      const { loss, archGradients } = walk(this.#withAuxiliarySkip(weights));
      if (archGradients === null) throw new Error("search: a walk for arch gradients must give them");
      return { loss, archGradients };
    });
    return this.#withAuxiliarySkip(perturbed);
  }

  /** Moves alpha and beta down a gradient of half the loss, which those of the cost and of the terms of alpha alone are added to; `step` counts from 0. */
  updateArch(gradients: ArchWeightGradients, step: number): void {
    this.cost?.addTo(gradients, this.arch.weights());
    const penalty = alphaPenaltyAt(this.#config.search.stabilisers, this.#archProgress());
    const slopes = penalty === null ? [] : alphaPenaltyGradient(penalty, this.arch.alphaRows);
    this.arch.update(gradients, step, slopes);
  }

  /** Drops the weakest primitives of each edge where a stage of the search is over. */
  dropPrimitives(): void {
    const kept = keptPrimitives(this.#config.search.stabilisers.dropTo, this.#archProgress());
    if (kept === null) return;
    const { primitives } = this.#config.space;
    this.arch.drop(this.arch.alphaRows.map((logits) => weakestPrimitives(primitives, logits, kept)));
  }

  /** What outputs of skips are multiplied by, `[batch * skips]`: the same in all walks of a step, and 1 where nothing learns. */
  skipFactors(isLearning: boolean): Float32Array<ArrayBuffer> {
    const { search, seed, space } = this.#config;
    const rate = isLearning ? skipDropoutRate(search, this.#epoch()) : 0;
    const random = createRandom(seed, "skip dropout", this.step);
    return drawSkipFactors(search.batchSize * countSkips(space), rate, random);
  }

  #withAuxiliarySkip(weights: ArchWeights): ArchWeights {
    const amount = auxiliarySkipWeight(this.#config.search.stabilisers.auxiliarySkip, this.#archProgress());
    return withAuxiliarySkip(weights, this.#config.space.primitives, amount);
  }

  #archProgress(): number {
    return archProgress(this.#config.search, this.#epoch());
  }

  #epoch(): number {
    return Math.floor(this.step / this.#stepsPerEpoch);
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
