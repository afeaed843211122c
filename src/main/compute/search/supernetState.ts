import * as tf from "@tensorflow/tfjs-core";
import type { Tensor1D } from "@tensorflow/tfjs-core";

import type { SearchConfig } from "#shared/runs/config.ts";
import type { ValidationScore } from "#shared/runs/runEvent.ts";
import type { ParameterSpec } from "#shared/space/graph/parameters.ts";
import { supernetParameters } from "#shared/space/spaces/widths/supernetParameters.ts";

import {
  describeMissing,
  floatsOf,
  isFiniteTensor,
  readCheckpoint,
  stepOf,
  writeCheckpoint,
} from "#main/compute/checkpoint/checkpointFile.ts";
import type { NamedTensor } from "#main/compute/checkpoint/safetensors.ts";
import { countStored, initialiseParameters } from "#main/compute/layers/parameters.ts";
import { fromEdgeTensors, toEdgeTensors } from "#main/compute/supernet/edgeTensors.ts";
import type { PlainTensor } from "#main/compute/supernet/edgeTensors.ts";
import { searchRules } from "#main/compute/learning/optimisers/buildOptimiser.ts";
import type { ParameterRules } from "#main/compute/learning/optimisers/optimiser.ts";
import { Sgd } from "#main/compute/learning/optimisers/sgd.ts";

import { ArchVariables } from "./archVariables.ts";

/** The best architecture so far, by the published score. */
export interface BestSoFar {
  readonly step: number;
  readonly validation: ValidationScore;
}

/** Everything that a search changes as it goes: weight variables, arch variables, both optimisers, the step. */
export class SupernetState {
  readonly specs: readonly ParameterSpec[];
  readonly arch: ArchVariables;
  /** Weight steps done. */
  step = 0;
  best: BestSoFar | null = null;
  readonly #config: SearchConfig;
  readonly #rules: ParameterRules;
  readonly #optimiser: Sgd;
  #weights: Tensor1D;

  constructor(config: SearchConfig) {
    this.#config = config;
    this.specs = supernetParameters(config.space);
    this.arch = new ArchVariables(config.space, config.search.arch);
    this.#rules = searchRules(this.specs);
    this.#optimiser = new Sgd(config.search.weights, this.#rules);
    this.#weights = tf.tensor1d(initialiseParameters(this.specs, config.seed));
  }

  /** The weight variables as one vector `[N]`; the state's own. */
  get weights(): Tensor1D {
    return this.#weights;
  }

  /** Moves the weight variables down a gradient `[N]`, which is disposed. */
  updateWeights(gradient: Tensor1D, learningRate: number): void {
    const updated = this.#optimiser.update(this.#weights, gradient, learningRate);
    tf.dispose([this.#weights, gradient]);
    this.#weights = updated;
    this.step += 1;
  }

  /**
   * Writes everything that a continuation needs, or with `withOptimiser` false only what describes the supernet. Returns
   * false, writing nothing, where a number is not finite.
   */
  async save(file: string, withOptimiser: boolean): Promise<boolean> {
    const weights = Float32Array.from(await this.#weights.data<"float32">());
    const arch = this.arch.state();
    if (!isFiniteTensor(weights) || !isFiniteTensor(arch.logits)) {
      return false;
    }
    const tensors = new Map<string, NamedTensor>([["arch.logits", vector(arch.logits)]]);
    if (withOptimiser) {
      tensors.set("arch.first_moment", vector(arch.firstMoment));
      tensors.set("arch.second_moment", vector(arch.secondMoment));
    }
    if (this.#config.search.keepSupernetWeights) {
      toEdgeTensors(this.#config.space, weights).forEach((tensor, name) => tensors.set(name, tensor));
      if (withOptimiser) {
        for (const [name, slot] of this.#optimiser.slots()) {
          tensors.set(`optimiser.${name}`, vector(Float32Array.from(await slot.data<"float32">())));
        }
      }
    }
    const notes = {
      step: String(this.step),
      best: JSON.stringify(this.best),
      space: JSON.stringify(this.#config.space),
      arch: JSON.stringify(this.arch.logits()),
    };
    await writeCheckpoint(file, { kind: "search", tensors, notes });
    return true;
  }

  /** Continues from what `save` wrote. Throws LabError bad_checkpoint where it does not fit this search. */
  async restore(file: string): Promise<void> {
    const checkpoint = await readCheckpoint(file, ["search"]);
    const step = stepOf(checkpoint, file);
    const count = countStored(this.specs);
    const { length } = this.arch.state().logits;
    const plain = new Map<string, PlainTensor>();
    checkpoint.tensors.forEach(({ shape, data }, name) => {
      if (data instanceof Float32Array) {
        plain.set(name, { shape, data });
      }
    });
    const weights = fromEdgeTensors(this.#config.space, plain, (name, shape) =>
      describeMissing(file, name, `shape [${shape.join(", ")}]`, plain.get(name)?.shape.join(", ") ?? "nothing"),
    );
    this.arch.restore({
      logits: floatsOf(checkpoint, file, "arch.logits", length),
      firstMoment: floatsOf(checkpoint, file, "arch.first_moment", length),
      secondMoment: floatsOf(checkpoint, file, "arch.second_moment", length),
    });
    const slots = [...this.#optimiser.slots().keys()].map((name): [string, Tensor1D] => [
      name,
      tf.tensor1d(floatsOf(checkpoint, file, `optimiser.${name}`, count)),
    ]);
    this.#optimiser.restore(new Map(slots));
    this.#weights.dispose();
    this.#weights = tf.tensor1d(weights);
    this.step = step;
    this.best = JSON.parse(checkpoint.notes["best"] ?? "null") as BestSoFar | null;
  }

  dispose(): void {
    this.#optimiser.dispose();
    tf.dispose([this.#weights, this.#rules.rateFactor, this.#rules.decayMask]);
  }
}

function vector(data: Float32Array<ArrayBuffer>): NamedTensor {
  return { shape: [data.length], data };
}
