import { permutation } from "#shared/random/createRandom.ts";
import type { Random } from "#shared/random/random.ts";

/** Shape and training of a small network from columns that are 0 or 1 to one number. */
export interface DenseSettings {
  readonly columns: number;
  readonly layers: number;
  readonly width: number;
  readonly learningRate: number;
  readonly epochs: number;
}

/** The columns of an example that are 1, and what is to be foretold. */
export interface DenseExample {
  readonly ones: readonly number[];
  readonly target: number;
}

/** Adam as its authors give it (Kingma and Ba 2015). */
const ADAM = { beta1: 0.9, beta2: 0.999, epsilon: 1e-8 };
/** Examples of one update (naszilla's ensembles). */
const BATCH = 32;

/** One layer: weights `[inputs + 1, outputs]` row by row, the last row being the biases; gradients and Adam's moments lie beside them. */
interface Layer {
  readonly inputs: number;
  readonly outputs: number;
  readonly weights: Float64Array;
  readonly gradient: Float64Array;
  readonly first: Float64Array;
  readonly second: Float64Array;
  /** What comes out for one example, after the ReLU but in the last layer. */
  readonly output: Float64Array;
  /** The loss's gradient by what comes out. */
  readonly back: Float64Array;
}

/** A fully connected network with ReLUs, which learns the absolute error by Adam. Columns that are 0 cost nothing. */
export class DenseNetwork {
  readonly #layers: readonly Layer[];
  readonly #settings: DenseSettings;
  #steps = 0;

  constructor(settings: DenseSettings, random: Random) {
    this.#settings = settings;
    const sizes = [settings.columns, ...Array.from({ length: settings.layers }, () => settings.width), 1];
    this.#layers = sizes.slice(1).map((outputs, index) => createLayer(sizes[index] ?? 0, outputs, random));
  }

  /** Trains on all examples in random order, so many times as the settings say. */
  train(examples: readonly DenseExample[], random: Random): void {
    for (let epoch = 0; epoch < this.#settings.epochs; epoch++) {
      const order = permutation(examples.length, random);
      for (let start = 0; start < order.length; start += BATCH) {
        const batch = order.subarray(start, start + BATCH);
        for (const index of batch) {
          const example = examples[index];
          if (example !== undefined) this.#learn(example, batch.length);
        }
        this.#update();
      }
    }
  }

  /** Foretells the target of an example by its columns that are 1. */
  predict(ones: readonly number[]): number {
    let input: Float64Array | null = null;
    for (const layer of this.#layers) {
      forward(layer, ones, input, layer !== this.#layers.at(-1));
      input = layer.output;
    }
    return input?.[0] ?? NaN;
  }

  /** Adds an example's gradient of the absolute error, divided by the batch's length. */
  #learn({ ones, target }: DenseExample, batch: number): void {
    const error = this.predict(ones) - target;
    const last = this.#layers.at(-1);
    if (last === undefined) return;
    last.back[0] = Math.sign(error) / batch;
    for (let index = this.#layers.length - 1; index >= 0; index--) {
      const layer = this.#layers[index];
      if (layer !== undefined) backward(layer, ones, this.#layers[index - 1] ?? null);
    }
  }

  #update(): void {
    this.#steps += 1;
    const { beta1, beta2, epsilon } = ADAM;
    const rate = (this.#settings.learningRate * Math.sqrt(1 - beta2 ** this.#steps)) / (1 - beta1 ** this.#steps);
    for (const { weights, gradient, first, second } of this.#layers) {
      for (let index = 0; index < weights.length; index++) {
        const slope = gradient[index] ?? 0;
        const mean = beta1 * (first[index] ?? 0) + (1 - beta1) * slope;
        const size = beta2 * (second[index] ?? 0) + (1 - beta2) * slope * slope;
        first[index] = mean;
        second[index] = size;
        weights[index] = (weights[index] ?? 0) - (rate * mean) / (Math.sqrt(size) + epsilon);
      }
      gradient.fill(0);
    }
  }
}

/** Random weights of deviation sqrt(2 / inputs), as ReLUs want them (He and others 2015), and no biases. */
function createLayer(inputs: number, outputs: number, random: Random): Layer {
  const deviation = Math.sqrt(2 / Math.max(1, inputs));
  const weights = Float64Array.from({ length: (inputs + 1) * outputs }, (_, index) =>
    index < inputs * outputs ? deviation * random.gaussian() : 0,
  );
  const zeros = (): Float64Array => new Float64Array(weights.length);
  const places = (): Float64Array => new Float64Array(outputs);
  return {
    inputs,
    outputs,
    weights,
    gradient: zeros(),
    first: zeros(),
    second: zeros(),
    output: places(),
    back: places(),
  };
}

/** Runs a layer on the layer before it; the first one, whose `input` is null, on the columns that are 1. */
function forward(
  { inputs, outputs, weights, output }: Layer,
  ones: readonly number[],
  input: Float64Array | null,
  isRectified: boolean,
): void {
  output.set(weights.subarray(inputs * outputs));
  const add = (row: number, value: number): void => {
    const start = row * outputs;
    for (let column = 0; column < outputs; column++) {
      output[column] = (output[column] ?? 0) + value * (weights[start + column] ?? 0);
    }
  };
  if (input === null) for (const row of ones) add(row, 1);
  else for (let row = 0; row < inputs; row++) if (input[row] !== 0) add(row, input[row] ?? 0);
  if (!isRectified) return;
  for (let column = 0; column < outputs; column++) if ((output[column] ?? 0) < 0) output[column] = 0;
}

/** Adds the weights' gradients of a layer, and leaves the gradient of the layer before it. */
function backward(
  { inputs, outputs, weights, gradient, back }: Layer,
  ones: readonly number[],
  before: Layer | null,
): void {
  const bias = inputs * outputs;
  for (let column = 0; column < outputs; column++)
    gradient[bias + column] = (gradient[bias + column] ?? 0) + (back[column] ?? 0);
  const addRow = (row: number, value: number): void => {
    const start = row * outputs;
    for (let column = 0; column < outputs; column++) {
      gradient[start + column] = (gradient[start + column] ?? 0) + value * (back[column] ?? 0);
    }
  };
  if (before === null) {
    for (const row of ones) addRow(row, 1);
    return;
  }
  for (let row = 0; row < inputs; row++) {
    const value = before.output[row] ?? 0;
    // What the ReLU cut off has no gradient.
    before.back[row] = value === 0 ? 0 : slopeOf(weights, row * outputs, back);
    if (value !== 0) addRow(row, value);
  }
}

function slopeOf(weights: Float64Array, start: number, back: Float64Array): number {
  let sum = 0;
  for (let column = 0; column < back.length; column++) sum += (weights[start + column] ?? 0) * (back[column] ?? 0);
  return sum;
}
