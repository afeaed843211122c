import * as tf from "@tensorflow/tfjs-core";
import type { Tensor1D } from "@tensorflow/tfjs-core";
import { z } from "zod";

import type { TrainConfig } from "#shared/runs/config.ts";
import { graphNorms, graphParameters, graphStatistics, type NormSpec } from "#shared/space/graph/graphParameters.ts";
import type { ParameterSpec } from "#shared/space/graph/parameters.ts";
import { type AnyNetworkPlan, buildNetworkGraph, genotypeHash } from "#shared/space/spaces/spaces.ts";

import {
  areFinite,
  checkSame,
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
import { countStored, cutParameters, initialiseParameters, layParameters } from "#main/compute/layers/parameters.ts";
import { packNetwork, planNotes, readPlan, writeNetwork } from "#main/compute/network/networkFile.ts";
import type { TrainedNetwork } from "#main/compute/network/networkFile.ts";
import type { PreparedStep } from "#main/compute/kernels/kernels.ts";
import { prepareGraph, type PreparedGraph } from "#main/compute/network/runGraph.ts";

import { buildOptimiser, trainRules } from "#main/compute/learning/optimisers/buildOptimiser.ts";
import { packSlots, restoreSlots } from "#main/compute/learning/optimisers/optimiser.ts";
import type { Optimiser, ParameterRules } from "#main/compute/learning/optimisers/optimiser.ts";
import { moveTowards, readVector, toNamedVector } from "#main/compute/learning/vectors.ts";

import { growNetwork } from "./growNetwork.ts";

/** How much a batch counts in the running statistics of the batch norms (PyTorch's default). */
const STATISTICS_RATE = 0.1;

/** Exponential averages of the parameters, and of the running statistics, which fit no other parameters. */
interface Average {
  readonly parameters: Tensor1D;
  readonly statistics: Tensor1D;
}

/** What the averages are called in checkpoints. */
const AVERAGE = { parameters: "average", statistics: "average_statistics" } as const;

/** Everything that a training changes as it goes: parameters, running statistics, optimiser, average, step. */
export class NetworkState implements JobState {
  readonly plan: AnyNetworkPlan;
  /** The network as it runs. */
  readonly network: PreparedGraph;
  readonly specs: readonly ParameterSpec[];
  readonly norms: readonly NormSpec[];
  readonly statisticsSpecs: readonly ParameterSpec[];
  /** Steps done. */
  step = 0;
  best: BestSoFar | null = null;
  /** PSNR in dB of every validation so far, in order, where the training may end early by them; else none. */
  psnrsDb: readonly number[] = [];
  readonly #config: TrainConfig;
  readonly #rules: ParameterRules;
  readonly #optimiser: Optimiser;
  #parameters: Tensor1D;
  #statistics: Tensor1D;
  /** Exponential averages; null where they are switched off. */
  #average: Average | null;
  #prepared: { readonly isFrozen: boolean; readonly step: PreparedStep } | null = null;

  constructor(config: TrainConfig, plan: AnyNetworkPlan) {
    this.#config = config;
    this.plan = plan;
    const graph = buildNetworkGraph(plan);
    this.network = prepareGraph(graph);
    this.specs = graphParameters(graph);
    this.norms = graphNorms(graph);
    this.statisticsSpecs = graphStatistics(graph);
    this.#rules = trainRules(this.specs, config.training.optimiser);
    this.#optimiser = buildOptimiser(config.training.optimiser, this.#rules, this.specs);
    this.#parameters = tf.tensor1d(initialiseParameters(this.specs, config.seed));
    this.#statistics = tf.tensor1d(initialiseParameters(this.statisticsSpecs, config.seed));
    this.#average =
      config.training.averagingDecay === null
        ? null
        : { parameters: tf.clone(this.#parameters), statistics: tf.clone(this.#statistics) };
  }

  /** All parameters as one vector `[N]`; the state's own. */
  get parameters(): Tensor1D {
    return this.#parameters;
  }

  /** The running statistics as one vector; the state's own. */
  get statistics(): Tensor1D {
    return this.#statistics;
  }

  /**
   * Begins with the parameters and running statistics of another network, where name and shape are the same; the others stay as
   * they were drawn. Where this network is the other one grown, it begins with all of it, and computes the same. Returns how many
   * parameters were taken, and whether it has grown.
   */
  takeOver({ plan, parameters, statistics }: TrainedNetwork): { readonly taken: number; readonly isGrown: boolean } {
    const other = buildNetworkGraph(plan);
    const graph = buildNetworkGraph(this.plan);
    const taken = overlay(
      { specs: this.specs, flat: this.#parameters.dataSync<"float32">() },
      { specs: graphParameters(other), flat: parameters },
    );
    const running = overlay(
      { specs: this.statisticsSpecs, flat: this.#statistics.dataSync<"float32">() },
      { specs: graphStatistics(other), flat: statistics },
    );
    const isWhole = taken.count === this.specs.length;
    const numbers = new Map([
      ...cutParameters(this.specs, taken.flat),
      ...cutParameters(this.statisticsSpecs, running.flat),
    ]);
    const learnt = new Map([
      ...cutParameters(graphParameters(other), parameters),
      ...cutParameters(graphStatistics(other), statistics),
    ]);
    const grown = isWhole ? null : growNetwork({ graph: other, numbers: learnt }, { graph, numbers });
    const lay = (specs: readonly ParameterSpec[]): Tensor1D =>
      tf.tensor1d(layParameters(specs, ({ name }) => valuesOf(grown ?? numbers, name)));
    this.#disposeVectors();
    this.#parameters = lay(this.specs);
    this.#statistics = lay(this.statisticsSpecs);
    if (this.#average !== null) {
      this.#average = { parameters: tf.clone(this.#parameters), statistics: tf.clone(this.#statistics) };
    }
    const isGrown = grown !== null;
    return { taken: isGrown ? this.specs.filter(({ name }) => learnt.has(name)).length : taken.count, isGrown };
  }

  /** Returns the step, with batch norms frozen or not, as it was prepared the first time; it is the state's own. */
  prepared(isFrozen: boolean, prepare: () => PreparedStep): PreparedStep {
    if (this.#prepared?.isFrozen === isFrozen) return this.#prepared.step;
    this.#prepared?.step.dispose();
    this.#prepared = { isFrozen, step: prepare() };
    return this.#prepared.step;
  }

  /**
   * Moves the parameters down a gradient `[N]` and takes a batch's statistics in, null where norms are frozen; both vectors
   * are disposed.
   */
  update(gradient: Tensor1D, statistics: Tensor1D | null, learningRate: number): void {
    const updated = this.#optimiser.update(this.#parameters, gradient, learningRate, this.step);
    tf.dispose([this.#parameters, gradient]);
    this.#parameters = updated;
    if (statistics !== null) {
      this.#statistics = moveTowards(this.#statistics, statistics, STATISTICS_RATE);
      statistics.dispose();
    }
    const { averagingDecay } = this.#config.training;
    if (this.#average !== null && averagingDecay !== null) {
      const share = 1 - averagingDecayAt(averagingDecay, this.step);
      this.#average = {
        parameters: moveTowards(this.#average.parameters, this.#parameters, share),
        statistics: moveTowards(this.#average.statistics, this.#statistics, share),
      };
    }
    this.step += 1;
  }

  /** The network as it would be used: the averaged parameters and statistics where there are any. */
  async snapshot(): Promise<TrainedNetwork> {
    return {
      plan: this.plan,
      parameters: await readVector(this.#average?.parameters ?? this.#parameters),
      statistics: await readVector(this.#average?.statistics ?? this.#statistics),
    };
  }

  /** Writes the network for use. Returns false, writing nothing, where a number is not finite. */
  async saveNetwork(file: string): Promise<boolean> {
    const network = await this.snapshot();
    if (!areFinite(packNetwork(network))) {
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
    const parameters = await readVector(this.#parameters);
    const statistics = await readVector(this.#statistics);
    const tensors = new Map<string, NamedTensor>(packNetwork({ plan: this.plan, parameters, statistics }));
    for (const [name, slot] of await packSlots(this.#optimiser)) tensors.set(name, slot);
    if (this.#average !== null) {
      tensors.set(AVERAGE.parameters, toNamedVector(await readVector(this.#average.parameters)));
      tensors.set(AVERAGE.statistics, toNamedVector(await readVector(this.#average.statistics)));
    }
    tensors.set("parameters", toNamedVector(parameters));
    tensors.set("statistics", toNamedVector(statistics));
    if (!areFinite(tensors)) {
      return false;
    }
    const notes = {
      step: String(this.step),
      best: JSON.stringify(this.best),
      ...(this.psnrsDb.length === 0 ? {} : { psnrs_db: JSON.stringify(this.psnrsDb) }),
      ...planNotes(this.plan),
    };
    await writeCheckpoint(file, { kind: "train", tensors, notes });
    return true;
  }

  /** Continues from what `save` wrote. Throws LabError bad_checkpoint where it does not fit this training. */
  async restore(file: string): Promise<void> {
    const checkpoint = await readCheckpoint(file, ["train"]);
    checkPlan(checkpoint, file, this.plan);
    const step = stepOf(checkpoint, file);
    const best = noteOf(checkpoint, file, "best", bestSoFarSchema.nullable());
    const hasPsnrs = checkpoint.notes["psnrs_db"] !== undefined;
    const psnrsDb = hasPsnrs ? noteOf(checkpoint, file, "psnrs_db", z.array(z.number())) : [];
    const count = countStored(this.specs);
    const load = (name: string, length: number): Float32Array => floatsOf(checkpoint, file, name, length);
    const parameters = load("parameters", count);
    const statistics = load("statistics", this.#statistics.size);
    const average = this.#average === null ? null : load(AVERAGE.parameters, count);
    // Earlier checkpoints averaged no statistics: their average begins with what they are.
    const hasAverage = this.#average !== null && checkpoint.tensors.has(AVERAGE.statistics);
    const averageStatistics = hasAverage ? load(AVERAGE.statistics, statistics.length) : statistics;
    restoreSlots(this.#optimiser, checkpoint, file, count);
    this.#disposeVectors();
    this.#parameters = tf.tensor1d(parameters);
    this.#statistics = tf.tensor1d(statistics);
    this.#average =
      average === null ? null : { parameters: tf.tensor1d(average), statistics: tf.tensor1d(averageStatistics) };
    this.step = step;
    this.best = best;
    this.psnrsDb = psnrsDb;
  }

  dispose(): void {
    this.#optimiser.dispose();
    this.#prepared?.step.dispose();
    this.#disposeVectors();
    tf.dispose([this.#rules.rateFactor, this.#rules.decayMask]);
  }

  #disposeVectors(): void {
    tf.dispose([this.#parameters, this.#statistics]);
    if (this.#average !== null) tf.dispose([this.#average.parameters, this.#average.statistics]);
  }
}

/** A stored vector and what lies in it. */
interface Laid {
  readonly specs: readonly ParameterSpec[];
  readonly flat: Float32Array;
}

/** Lays another vector's values over a vector's own where name and shape are the same; counts them. */
function overlay(own: Laid, other: Laid): { readonly flat: Float32Array; readonly count: number } {
  const shapes = new Map(other.specs.map(({ name, shape }) => [name, shape.join()]));
  const fits = ({ name, shape }: ParameterSpec): boolean => shapes.get(name) === shape.join();
  const [before, given] = [own, other].map(({ specs, flat }) => cutParameters(specs, flat));
  const flat = layParameters(own.specs, (spec) => valuesOf(fits(spec) ? given : before, spec.name));
  return { flat, count: own.specs.filter(fits).length };
}

function valuesOf(parts: ReadonlyMap<string, Float32Array> | undefined, name: string): Float32Array {
  const values = parts?.get(name);
  if (values === undefined) throw new Error(`training: there is no parameter named ${name}`);
  return values;
}

/**
 * The decay of the averages in a step (from 0): at first shorter than asked, (1 + step) / (10 + step), or the random start of the
 * parameters would weigh in the average for some 1 / (1 - decay) steps.
 */
function averagingDecayAt(decay: number, step: number): number {
  return Math.min(decay, (1 + step) / (10 + step));
}

/** Numbers are restored by position, which means something only in the same network. */
function checkPlan(checkpoint: Checkpoint, file: string, { genotype, ...settings }: AnyNetworkPlan): void {
  const { genotype: storedGenotype, ...others } = readPlan(checkpoint, file);
  const stored: Readonly<Record<string, unknown>> = { ...others };
  checkSame(file, "genotype", genotypeHash(genotype), genotypeHash(storedGenotype));
  for (const [name, wanted] of Object.entries(settings)) checkSame(file, `network.${name}`, wanted, stored[name]);
}
