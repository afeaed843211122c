import * as tf from "@tensorflow/tfjs-core";
import type { Scalar, Tensor } from "@tensorflow/tfjs-core";
import { describe, expect, it } from "vitest";

import { startEngine } from "#main/compute/engine/engine.ts";
import { Tape } from "#main/compute/layers/tape.ts";
import type { Value } from "#main/compute/layers/tape.ts";

import { countLeaks } from "#tests/helpers/tensors.ts";

const { kernels } = await startEngine();

/** Multiplies by a number, and counts in `calls` how often the gradient was asked for. */
function times(tape: Tape, x: Value<Tensor>, factor: number, calls: number[] = []): Value<Tensor> {
  return tape.recordOne(tf.mul(x.tensor, factor), [x], [], (gradient) => {
    calls.push(factor);
    return [tf.mul(gradient, factor)];
  });
}

function numberOf(tensor: Tensor | null): number | undefined {
  return tensor?.dataSync<"float32">()[0];
}

describe("Tape", () => {
  it("multiplies slopes along a chain and sums them where paths meet", () => {
    const tape = new Tape(kernels, true);
    const x = tape.leaf<Tensor>(tf.scalar(5), true);
    const doubled = times(tape, x, 2);
    const sum = tape.recordOne(tf.add(doubled.tensor, x.tensor), [doubled, x], [], (gradient) => [
      tf.clone(gradient),
      tf.clone(gradient),
    ]);
    const output = times(tape, sum, 10);
    expect(numberOf(output.tensor)).toBe(150);
    tape.backward(output, tf.scalar(1));
    expect(numberOf(tape.takeGradient(x))).toBe(30);
  });

  it("uses an input that is read twice by one op twice", () => {
    const tape = new Tape(kernels, true);
    const x = tape.leaf<Scalar>(tf.scalar(3), true);
    const square = tape.recordOne(tf.mul(x.tensor, x.tensor), [x, x], [], (gradient) => [
      tf.mul(gradient, x.tensor),
      tf.mul(gradient, x.tensor),
    ]);
    tape.backward(square, tf.scalar(1));
    expect(numberOf(tape.takeGradient(x))).toBe(6);
  });

  it("gives null for a leaf that the output does not depend on, and for a gradient taken before", () => {
    const tape = new Tape(kernels, true);
    const x = tape.leaf(tf.scalar(1), true);
    const idle = tape.leaf(tf.scalar(1), true);
    tape.backward(times(tape, x, 2), tf.scalar(1));
    expect(tape.takeGradient(idle)).toBeNull();
    expect(numberOf(tape.takeGradient(x))).toBe(2);
    expect(tape.takeGradient(x)).toBeNull();
  });

  it("keeps no gradient of a leaf that wants none", () => {
    const tape = new Tape(kernels, true);
    const constant = tape.leaf(tf.scalar(1), false);
    tape.backward(times(tape, constant, 2), tf.scalar(1));
    expect(tape.takeGradient(constant)).toBeNull();
  });

  it("asks no op for a gradient that the output does not depend on", () => {
    const calls: number[] = [];
    const tape = new Tape(kernels, true);
    const x = tape.leaf<Tensor>(tf.scalar(1), true);
    times(tape, x, 3, calls);
    tape.backward(times(tape, x, 2, calls), tf.scalar(1));
    expect(calls).toEqual([2]);
  });

  it("hands an op with several outputs null for those that were not used", () => {
    const tape = new Tape(kernels, true);
    const x = tape.leaf<Tensor>(tf.scalar(1), true);
    const seen: boolean[] = [];
    const [, second] = tape.record([tf.scalar(1), tf.scalar(2)], [x], [], (gradients) => {
      seen.push(...gradients.map((gradient) => gradient === null));
      return [tf.clone(gradients[1] as Tensor)];
    });
    tape.backward(second as Value<Tensor>, tf.scalar(7));
    expect(seen).toEqual([true, false]);
    expect(numberOf(tape.takeGradient(x))).toBe(7);
  });

  it("wants no gradients at all while it does not record", () => {
    const tape = new Tape(kernels, false);
    const x = tape.leaf(tf.scalar(1), true);
    expect(x.needsGradient).toBe(false);
    expect(tape.wants(x)).toBe(false);
  });

  it("frees activations and what ops saved once the walk back has passed them, whether they were reached or not", async () => {
    const run = (): void => {
      const tape = new Tape(kernels, true);
      const tensor = tf.scalar(2);
      const x = tape.leaf<Tensor>(tensor, true);
      const saved = tf.scalar(9);
      const y = tape.recordOne(tf.mul(x.tensor, 2), [x], [saved], (gradient) => [tf.mul(gradient, 2)]);
      times(tape, x, 3);
      tape.backward(times(tape, y, 4), tf.scalar(1));
      expect(y.tensor.isDisposed && saved.isDisposed).toBe(true);
      expect(tensor.isDisposed).toBe(false);
      tf.dispose([tensor, tape.takeGradient(x) as Tensor]);
    };
    expect(await countLeaks(run)).toBe(0);
  });

  it("frees everything that it still holds when it is disposed of halfway", async () => {
    const run = (): void => {
      const tape = new Tape(kernels, true);
      const tensor = tf.scalar(2);
      const x = tape.leaf<Tensor>(tensor, true);
      tape.backward(times(tape, times(tape, x, 2), 2), tf.scalar(1));
      times(tape, x, 3);
      tape.dispose();
      tensor.dispose();
    };
    expect(await countLeaks(run)).toBe(0);
  });

  it("frees in a scope all but what the scope returns, where it does not record", async () => {
    const run = (): void => {
      const tape = new Tape(kernels, false);
      const tensor = tf.scalar(2);
      const x = tape.leaf<Tensor>(tensor, false);
      const y = tape.scope(() => times(tape, times(tape, x, 2), 2));
      expect(numberOf(y.tensor)).toBe(8);
      tf.dispose([tensor, y.tensor]);
    };
    expect(await countLeaks(run)).toBe(0);
  });

  it("releases at once while not recording, and not before the walk back while recording", () => {
    for (const isRecording of [true, false]) {
      const tape = new Tape(kernels, isRecording);
      const y = times(tape, tape.leaf<Tensor>(tf.scalar(1), true), 2);
      tape.release([y]);
      expect(y.tensor.isDisposed).toBe(!isRecording);
    }
  });
});
