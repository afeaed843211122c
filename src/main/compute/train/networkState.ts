import * as tf from "@tensorflow/tfjs-core";
import type { Tensor1D } from "@tensorflow/tfjs-core";

import type { TrainConfig } from "#shared/runs/config.ts";
import type { ValidationScore } from "#shared/runs/runEvent.ts";
import { graphNorms, graphParameters, graphStatistics, type NormSpec } from "#shared/space/graph/graphParameters.ts";
import type { ParameterSpec } from "#shared/space/graph/parameters.ts";
import { buildNetworkGraph } from "#shared/space/spaces/widths/buildNetworkGraph.ts";
import type { NetworkPlan } from "#shared/space/spaces/widths/networkPlan.ts";

import {
  floatsOf,
  isFiniteTensor,
  readCheckpoint,
  stepOf,
  writeCheckpoint,
} from "#main/compute/checkpoint/checkpointFile.ts";
import type { NamedTensor } from "#main/compute/checkpoint/safetensors.ts";
import { countStored, initialiseParameters } from "#main/compute/layers/parameters.ts";
import { packNetwork, planNotes, writeNetwork } from "#main/compute/network/networkFile.ts";
import type { TrainedNetwork } from "#main/compute/network/networkFile.ts";
import type { StatisticsCollector } from "#main/compute/network/statistics.ts";
import { prepareGraph, type PreparedGraph } from "#main/compute/network/runGraph.ts";

import { buildOptimiser, trainRules } from "#main/compute/learning/optimisers/buildOptimiser.ts";
import type { Optimiser, ParameterRules } from "#main/compute/learning/optimisers/optimiser.ts";

/** The best network so far, by the published score. */
export interface BestSoFar {
  readonly step: number;
  readonly validation: ValidationScore;
}

/** How much a batch counts in the running statistics of the batch norms (PyTorch's default). */
const STATISTICS_RATE = 0.1;

/** Everything that a training changes as it goes: parameters, running statistics, optimiser, average, step. */
export class NetworkState {
  readonly plan: NetworkPlan;
  /** The network as it runs. */
  readonly network: PreparedGraph;
  readonly specs: readonly ParameterSpec[];
  readonly norms: readonly NormSpec[];
  readonly #statisticsSpecs: readonly ParameterSpec[];
  /** Steps done. */
  step = 0;
  best: BestSoFar | null = null;
  readonly #config: TrainConfig;
  readonly #rules: ParameterRules;
  readonly #optimiser: Optimiser;
  #parameters: Tensor1D;
  #statistics: Tensor1D;
  /** Exponential average of the parameters; null where it is switched off. */
  #average: Tensor1D | null;

  constructor(config: TrainConfig, plan: NetworkPlan) {
    this.#config = config;
    this.plan = plan;
    const graph = buildNetworkGraph(plan);
    this.network = prepareGraph(graph);
    this.specs = graphParameters(graph);
    this.norms = graphNorms(graph);
    this.#statisticsSpecs = graphStatistics(graph);
    this.#rules = trainRules(this.specs);
    this.#optimiser = buildOptimiser(config.training.optimiser, this.#rules);
    this.#parameters = tf.tensor1d(initialiseParameters(this.specs, config.seed));
    this.#statistics = tf.tensor1d(initialiseParameters(this.#statisticsSpecs, config.seed));
    this.#average = config.training.averagingDecay === null ? null : tf.clone(this.#parameters);
  }

  /** All parameters as one vector `[N]`; the state's own. */
  get parameters(): Tensor1D {
    return this.#parameters;
  }

  /** Moves the parameters down a gradient `[N]`, which is disposed, and takes the batch's statistics in. */
  update(gradient: Tensor1D, statistics: StatisticsCollector, learningRate: number): void {
    const updated = this.#optimiser.update(this.#parameters, gradient, learningRate, this.step);
    tf.dispose([this.#parameters, gradient]);
    this.#parameters = updated;
    const batch = statistics.join(this.#statisticsSpecs, this.#statistics);
    this.#statistics = moveTowards(this.#statistics, batch, STATISTICS_RATE);
    batch.dispose();
    const { averagingDecay } = this.#config.training;
    if (this.#average !== null && averagingDecay !== null) {
      this.#average = moveTowards(this.#average, this.#parameters, 1 - averagingDecay);
    }
    this.step += 1;
  }

  /** The network as it would be used: the averaged parameters where there are any. */
  async snapshot(): Promise<TrainedNetwork> {
    return {
      plan: this.plan,
      parameters: await read(this.#average ?? this.#parameters),
      statistics: await read(this.#statistics),
    };
  }

  /** Writes the network for use. Returns false, writing nothing, where a number is not finite. */
  async saveNetwork(file: string): Promise<boolean> {
    const network = await this.snapshot();
    if (!isFiniteTensor(network.parameters)) {
      return false;
    }
    await writeNetwork(file, network, {
      step: String(this.step),
      validation: JSON.stringify(this.best?.validation ?? null),
      noise: JSON.stringify(this.#config.noise),
    });
    return true;
  }

  /** Writes everything that a continuation needs. Returns false, writing nothing, where a number is not finite. */
  async save(file: string): Promise<boolean> {
    const parameters = await read(this.#parameters);
    if (!isFiniteTensor(parameters)) {
      return false;
    }
    const statistics = await read(this.#statistics);
    const tensors = new Map<string, NamedTensor>(packNetwork({ plan: this.plan, parameters, statistics }));
    for (const [name, slot] of this.#optimiser.slots()) {
      tensors.set(`optimiser.${name}`, vector(await read(slot)));
    }
    if (this.#average !== null) {
      tensors.set("average", vector(await read(this.#average)));
    }
    tensors.set("parameters", vector(parameters));
    tensors.set("statistics", vector(statistics));
    const notes = {
      step: String(this.step),
      best: JSON.stringify(this.best),
      ...planNotes(this.plan),
    };
    await writeCheckpoint(file, { kind: "train", tensors, notes });
    return true;
  }

  /** Continues from what `save` wrote. Throws LabError bad_checkpoint where it does not fit this training. */
  async restore(file: string): Promise<void> {
    const checkpoint = await readCheckpoint(file, ["train"]);
    const step = stepOf(checkpoint, file);
    const count = countStored(this.specs);
    const load = (name: string, length: number): Float32Array => floatsOf(checkpoint, file, name, length);
    const parameters = load("parameters", count);
    const statistics = load("statistics", this.#statistics.size);
    const slots = [...this.#optimiser.slots().keys()].map((name) => [name, load(`optimiser.${name}`, count)] as const);
    const average = this.#average === null ? null : load("average", count);
    tf.dispose([this.#parameters, this.#statistics, ...(this.#average === null ? [] : [this.#average])]);
    this.#parameters = tf.tensor1d(parameters);
    this.#statistics = tf.tensor1d(statistics);
    this.#average = average === null ? null : tf.tensor1d(average);
    this.#optimiser.restore(new Map(slots.map(([name, slot]) => [name, tf.tensor1d(slot)])));
    this.step = step;
    this.best = JSON.parse(checkpoint.notes["best"] ?? "null") as BestSoFar | null;
  }

  dispose(): void {
    this.#optimiser.dispose();
    tf.dispose([this.#parameters, this.#statistics, this.#rules.rateFactor, this.#rules.decayMask]);
    tf.dispose(this.#average === null ? [] : [this.#average]);
  }
}

/** `from` moved towards `to` by a share; `from` is disposed. */
function moveTowards(from: Tensor1D, to: Tensor1D, share: number): Tensor1D {
  const moved = tf.tidy(() => tf.add<Tensor1D>(from, tf.mul(tf.sub(to, from), share)));
  from.dispose();
  return moved;
}

async function read(tensor: Tensor1D): Promise<Float32Array<ArrayBuffer>> {
  return Float32Array.from(await tensor.data<"float32">());
}

function vector(data: Float32Array<ArrayBuffer>): NamedTensor {
  return { shape: [data.length], data };
}
