import * as tf from "@tensorflow/tfjs-core";
import type { Tensor4D } from "@tensorflow/tfjs-core";
import { describe, expect, it } from "vitest";

import type { Taps } from "#main/compute/kernels/kernels.ts";

import { listKernels } from "#tests/helpers/kernelCases.ts";
import { loadSearchReference, relativeError } from "#tests/helpers/referenceFixtures.ts";
import { referenceTensor } from "#tests/helpers/tensors.ts";

const TOLERANCE = 1e-4;

const file = loadSearchReference("deformable.safetensors");
const cases = Object.entries(file.metadata["cases"] as Record<string, { groups: number; dilation: number }>);

function tapsOf(x: Tensor4D, { groups, dilation }: { groups: number; dilation: number }): Taps {
  return { dilation, groups: new Array<number>(groups).fill(x.shape[3] / groups) };
}

describe.each(await listKernels())("deformable convolution on $name", ({ kernels }) => {
  it.each(cases)("gives the recorded output and all recorded gradients of the case %s", (name, settings) => {
    const errors = tf.tidy(() => {
      const get = (part: string): Tensor4D => referenceTensor(file, `${name}.${part}`);
      const inputs = { x: get("x"), offsets: get("offset"), masks: get("mask"), filter: get("conv") };
      const taps = tapsOf(inputs.x, settings);
      const y = kernels.deformable(inputs, taps);
      const gradients = kernels.deformableGradient(get("grad_y"), inputs, taps, true);
      const got = {
        ...{ y, grad_x: gradients.x, grad_offset: gradients.offsets },
        ...{ grad_mask: gradients.masks, grad_conv: gradients.filter as Tensor4D },
      };
      return Object.entries(got).map(
        ([part, tensor]) => [part, relativeError(tensor.dataSync(), get(part).dataSync())] as const,
      );
    });
    expect(errors.filter(([, error]) => !(error < TOLERANCE))).toEqual([]);
  });

  it.each(cases)("gives no gradient of the filter of the case %s where nobody wants it", (name, settings) => {
    tf.tidy(() => {
      const get = (part: string): Tensor4D => referenceTensor(file, `${name}.${part}`);
      const inputs = { x: get("x"), offsets: get("offset"), masks: get("mask"), filter: get("conv") };
      expect(kernels.deformableGradient(get("grad_y"), inputs, tapsOf(inputs.x, settings), false).filter).toBeNull();
    });
  });

  it("equals a plain convolution where no tap moves and all count fully", () => {
    tf.tidy(() => {
      const [name, settings] = cases[0]!;
      const [x, filter] = [referenceTensor(file, `${name}.x`), referenceTensor(file, `${name}.conv`)];
      const offsets = tf.zerosLike(referenceTensor(file, `${name}.offset`));
      const masks = tf.onesLike(referenceTensor(file, `${name}.mask`));
      const y = kernels.deformable({ x, offsets, masks, filter }, tapsOf(x, settings));
      const plain = kernels.conv2d(x, filter, settings.dilation);
      expect(relativeError(y.dataSync(), plain.dataSync())).toBeLessThan(1e-6);
    });
  });
});
