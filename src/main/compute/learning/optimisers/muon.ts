import * as tf from "@tensorflow/tfjs-core";
import type { Tensor1D, Tensor3D } from "@tensorflow/tfjs-core";

import { at } from "#shared/at.ts";
import { type ParameterSpec, sizeOfShape } from "#shared/space/graph/parameters.ts";

import { storedShape } from "#main/compute/layers/parameters.ts";

import { Moments } from "./moments.ts";
import type { Optimiser, ParameterRules } from "./optimiser.ts";
import { orthogonalise } from "./orthogonalise.ts";

export interface MuonSettings {
  /** Share of the last direction that goes on in the next. */
  readonly momentum: number;
  /** Of Adam, for all that is no matrix. */
  readonly beta1: number;
  readonly beta2: number;
  readonly weightDecay: number;
}

const EPSILON = 1e-8;

/** Fewer channels than this on either side leave nothing to orthogonalise: the first and last filter, depthwise filters. */
const FEWEST_CHANNELS = 16;

/** Makes a step as large as Adam's usually is, so that one learning rate serves both (Liu et al. 2025). */
const ADAM_SIZE = 0.2;

/** Filters of one shape, each as a matrix of inputs by outputs; `places` are theirs among the parameters. */
interface Group {
  readonly rows: number;
  readonly columns: number;
  readonly places: readonly number[];
}

/**
 * Muon (Jordan et al. 2024): the momentum of each filter, as a matrix `[K * K * C, D]`, is orthogonalised, so that all its
 * directions are learned equally fast; the other parameters move by Adam. Weights shrink by learning rate times decay.
 */
export class Muon implements Optimiser {
  readonly #settings: MuonSettings;
  readonly #rules: ParameterRules;
  readonly #sizes: number[];
  readonly #groups: readonly Group[];
  readonly #isMatrix: Tensor1D;
  readonly #moments: Moments;

  constructor(settings: MuonSettings, rules: ParameterRules, specs: readonly ParameterSpec[]) {
    this.#settings = settings;
    this.#rules = rules;
    const shapes = specs.map(storedShape);
    this.#sizes = shapes.map(sizeOfShape);
    this.#groups = groupMatrices(shapes);
    const places = new Set(this.#groups.flatMap((group) => group.places));
    const marks = this.#sizes.flatMap((size, place) => new Array<number>(size).fill(places.has(place) ? 1 : 0));
    this.#isMatrix = tf.tensor1d(marks);
    this.#moments = new Moments(rules.decayMask);
  }

  update(parameters: Tensor1D, gradient: Tensor1D, learningRate: number, step: number): Tensor1D {
    const { momentum, beta1, beta2, weightDecay } = this.#settings;
    const [first, second, updated] = tf.tidy(() => {
      const keep = tf.add(tf.mul(this.#isMatrix, momentum - beta1), beta1);
      const blend = (kept: tf.Tensor): Tensor1D => tf.add(tf.mul(kept, keep), tf.mul(gradient, tf.sub(1, keep)));
      const nextFirst = blend(this.#moments.first);
      const nextSecond = tf.add(tf.mul(this.#moments.second, beta2), tf.mul(tf.square(gradient), 1 - beta2));
      const scale = tf.add(tf.sqrt(tf.div(nextSecond, 1 - beta2 ** (step + 1))), EPSILON);
      const adam: Tensor1D = tf.div(tf.div(nextFirst, 1 - beta1 ** (step + 1)), scale);
      const direction = this.#orthogonal(blend(nextFirst), adam);
      const decay = tf.mul(parameters, tf.mul(this.#rules.decayMask, weightDecay));
      const change = tf.mul(tf.add(direction, decay), tf.mul(this.#rules.rateFactor, learningRate));
      return [nextFirst, nextSecond, tf.sub(parameters, change)];
    }) as [Tensor1D, Tensor1D, Tensor1D];
    this.#moments.replace(first, second);
    return updated;
  }

  /** `other` with the filters' parts replaced by those of `vector`, orthogonalised. */
  #orthogonal(vector: Tensor1D, other: Tensor1D): Tensor1D {
    const given = tf.split<Tensor1D>(vector, this.#sizes);
    const parts = tf.split<Tensor1D>(other, this.#sizes);
    for (const { rows, columns, places } of this.#groups) {
      const joined = tf.concat(places.map((place) => at(given, place, "parameters")));
      const stacked: Tensor3D = tf.reshape(joined, [places.length, rows, columns]);
      const size = ADAM_SIZE * Math.sqrt(Math.max(rows, columns));
      const flat: Tensor1D = tf.reshape(tf.mul(orthogonalise(stacked), size), [-1]);
      const turned = tf.split<Tensor1D>(flat, places.length);
      places.forEach((place, index) => (parts[place] = at(turned, index, "filters of one shape")));
    }
    return tf.concat(parts);
  }

  slots(): ReadonlyMap<string, Tensor1D> {
    return this.#moments.slots();
  }

  restore(slots: ReadonlyMap<string, Tensor1D>): void {
    this.#moments.restore(slots);
  }

  dispose(): void {
    this.#moments.dispose();
    this.#isMatrix.dispose();
  }
}

/** The filters with enough channels on both sides, by their shape. */
function groupMatrices(shapes: readonly (readonly number[])[]): readonly Group[] {
  const groups = new Map<string, { rows: number; columns: number; places: number[] }>();
  shapes.forEach((shape, place) => {
    const [height, width, inputs, outputs] = shape;
    if (height === undefined || width === undefined || inputs === undefined || outputs === undefined) return;
    if (Math.min(inputs, outputs) < FEWEST_CHANNELS) return;
    const [rows, columns] = [height * width * inputs, outputs];
    const key = `${rows} ${columns}`;
    const group = groups.get(key) ?? { rows, columns, places: [] };
    group.places.push(place);
    groups.set(key, group);
  });
  return [...groups.values()];
}
