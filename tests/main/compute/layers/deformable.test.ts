import * as tf from "@tensorflow/tfjs-core";
import type { Tensor, Tensor4D } from "@tensorflow/tfjs-core";
import { describe, expect, it } from "vitest";

import { compileEagerly } from "#main/compute/kernels/compileEagerly.ts";
import type { TrainingKernels } from "#main/compute/kernels/kernels.ts";
import { PortableKernels } from "#main/compute/kernels/portableKernels.ts";
import { convolve } from "#main/compute/layers/convolution.ts";
import { convolveDeformable, type DeformableSettings } from "#main/compute/layers/deformable.ts";
import { checkGradient } from "#main/compute/layers/gradientCheck.ts";
import { Tape, type Value } from "#main/compute/layers/tape.ts";
import { createRandom } from "#shared/random/createRandom.ts";
import { deformableGroups, offsetChannels, tapMapChannels } from "#shared/space/graph/tapMap.ts";

import { drawTensor } from "#tests/helpers/drawTensor.ts";
import { listKernels } from "#tests/helpers/kernelCases.ts";
import { relativeError } from "#tests/helpers/referenceFixtures.ts";
import { countLeaks } from "#tests/helpers/tensors.ts";

const SIDE = 3;

/** Tap places in the middle between pixels: small steps from there pass none, nor a limit of 2. */
function drawMap(pixels: readonly [number, number, number], channels: number): Tensor4D {
  const groups = deformableGroups(channels);
  const depth = tapMapChannels(SIDE, groups);
  const random = createRandom(3, "tap places");
  const data = Float32Array.from({ length: pixels[0] * pixels[1] * pixels[2] * depth }, (_, index) => {
    if (index % depth >= offsetChannels(SIDE, groups)) return random.gaussian();
    return Math.floor(random.uniform() * 4) - 2 + 0.25 + random.uniform() / 2;
  });
  return tf.tensor4d(data, [...pixels, depth]);
}

function inputsOf(channels: number): readonly [Tensor4D, Tensor4D, Tensor4D] {
  const pixels = [2, 6, 7] as const;
  return [
    drawTensor([...pixels, channels], 1),
    drawMap(pixels, channels),
    drawTensor([SIDE, SIDE, channels, 4], 2, 0.3),
  ];
}

function apply(tape: Tape, [x, map, filter]: readonly Value<Tensor>[], settings: DeformableSettings): Value {
  return convolveDeformable(tape, { x: x as Value, map: map as Value, filter: filter as Value }, settings);
}

function run(kernels: TrainingKernels, inputs: readonly Tensor[], settings: DeformableSettings): Float32Array {
  return tf.tidy(() => {
    const tape = new Tape(kernels, false);
    const leaves = inputs.map((tensor) => tape.leaf(tensor, false));
    return Float32Array.from(apply(tape, leaves, settings).tensor.dataSync());
  });
}

describe.each(await listKernels())("a deformable convolution on $name", ({ kernels }) => {
  it.each([
    [4, 1],
    [3, 1],
    [4, 2],
  ])("sends the right gradients of picture, tap places and filter: %d channels, dilation %d", (channels, dilation) => {
    const inputs = inputsOf(channels);
    const settings = { channels, dilation, limitPx: 2 };
    expect(checkGradient(kernels, inputs, (tape, values) => apply(tape, values, settings))).toBeLessThan(1e-3);
    tf.dispose([...inputs]);
  });

  it("sends no gradient of a tap that would go beyond the limit, and reads at the limit", () => {
    const inputs = inputsOf(4);
    const far = tf.tidy(() => tf.add<Tensor4D>(inputs[1], 5));
    const tape = new Tape(kernels, true);
    const leaves = [inputs[0], far, inputs[2]].map((tensor) => tape.leaf<Tensor>(tensor, true));
    const settings = { channels: 4, dilation: 1, limitPx: 1 };
    tape.backward(apply(tape, leaves, settings), tf.ones([2, 6, 7, 4]));
    const gradient = tape.takeGradient(leaves[1]!)!.dataSync();
    const depth = tapMapChannels(SIDE, 2);
    expect(gradient.some((slope, index) => index % depth < offsetChannels(SIDE, 2) && slope !== 0)).toBe(false);
    expect(gradient.some((slope) => slope !== 0)).toBe(true);
    const onTheLimit = tf.tidy(() => {
      const [moves, counts] = tf.split(far, [offsetChannels(SIDE, 2), depth - offsetChannels(SIDE, 2)], 3);
      return tf.concat([tf.onesLike(moves!), counts!], 3);
    });
    const expected = run(kernels, [inputs[0], onTheLimit, inputs[2]], settings);
    expect(relativeError(run(kernels, [inputs[0], far, inputs[2]], settings), expected)).toBe(0);
    tape.dispose();
    tf.dispose([...inputs, far, onTheLimit]);
  });

  it("is half a plain convolution where all places are zero, as a training begins", () => {
    const [x, map, filter] = inputsOf(4);
    const zero = tf.zerosLike(map);
    const half = tf.tidy(() => {
      const tape = new Tape(kernels, false);
      return tf.mul(convolve(tape, tape.leaf(x, false), tape.leaf(filter, false)).tensor, 0.5).dataSync();
    });
    const settings = { channels: 4, dilation: 1, limitPx: 2 };
    expect(relativeError(run(kernels, [x, zero, filter], settings), half)).toBeLessThan(1e-6);
    tf.dispose([x, map, filter, zero]);
  });

  it("gives what plain JavaScript gives where channels are filled up with zeros", () => {
    const [x, map, filter] = inputsOf(6);
    const stored = [tf.pad(x, [[0, 0], [0, 0], [0, 0], [0, 2]]), map, tf.pad(filter, [[0, 0], [0, 0], [0, 2], [0, 0]])]; // prettier-ignore
    const settings = { channels: 6, dilation: 1, limitPx: 2 };
    const expected = run(new PortableKernels(), [x, map, filter], settings);
    expect(relativeError(run(kernels, stored, settings), expected)).toBeLessThan(1e-5);
    tf.dispose([x, map, filter, ...stored]);
  });

  it("leaves no tensor behind", async () => {
    const once = (): void => {
      const inputs = inputsOf(4);
      const tape = new Tape(kernels, true);
      const y = apply(tape, inputs.map((tensor) => tape.leaf<Tensor>(tensor, true)), { channels: 4, dilation: 1, limitPx: 2 }); // prettier-ignore
      tape.backward(y, tf.onesLike(y.tensor));
      tape.dispose();
      tf.dispose([...inputs]);
    };
    expect(await countLeaks(once)).toBe(0);
  });

  it.each([3, 4])("gives the same compiled as at once, for pictures of two sizes and %d channels", (channels) => {
    const [x, map, filter] = inputsOf(channels);
    const settings = { channels, dilation: 1, limitPx: 2 };
    const forward: Parameters<TrainingKernels["compile"]>[0] = (given, planes, constants) => {
      const tape = new Tape(given, false);
      const [picture, places] = ["x", "map"].map((name) => tape.leaf(planes.get(name)!, false));
      const values = { x: picture!, map: places!, filter: tape.leaf(constants.get("filter") as Tensor4D, false) };
      return convolveDeformable(tape, values, settings).tensor;
    };
    const planes = [
      { name: "x", channels },
      { name: "map", channels: map.shape[3] },
    ];
    const constants = new Map([["filter", filter]]);
    const compiled = kernels.compile(forward, constants, planes);
    const plain = compileEagerly(kernels, forward, new Map([["filter", tf.clone(filter)]]));
    for (const width of [7, 5]) {
      tf.tidy(() => {
        const cut = (tensor: Tensor4D): Tensor4D => tf.slice(tensor, [0, 0, 0, 0], [-1, -1, width, -1]);
        const given = new Map([["x", cut(x)], ["map", cut(map)]]); // prettier-ignore
        const expected = plain.run(given, []).dataSync();
        expect(relativeError(compiled.run(given, []).dataSync(), expected)).toBeLessThan(1e-5);
      });
    }
    compiled.dispose();
    plain.dispose();
    tf.dispose([x, map, filter]);
  });
});
