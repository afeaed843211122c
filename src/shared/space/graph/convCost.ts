import type { Primitive } from "#shared/space/cells/primitives.ts";

/** What a part of a network costs: trainable numbers, and multiply-adds of its convolutions for one output pixel. */
export interface Cost {
  readonly parameters: number;
  readonly multiplyAddsPerPixel: number;
}

/** Whether the batch norm behind a convolution learns a scale and an offset per channel, or there is none to learn. */
export type Norm = "affine" | "plain";

const FREE: Cost = { parameters: 0, multiplyAddsPerPixel: 0 };

/** Adds costs up. */
export function sumCosts(costs: readonly Cost[]): Cost {
  return costs.reduce(
    (sum, cost) => ({
      parameters: sum.parameters + cost.parameters,
      multiplyAddsPerPixel: sum.multiplyAddsPerPixel + cost.multiplyAddsPerPixel,
    }),
    FREE,
  );
}

/** Returns the cost of a `size` x `size` convolution without bias, dilated or not, with its batch norm. */
export function convCost(size: number, inputs: number, outputs: number, norm: Norm): Cost {
  const kernel = size * size * inputs * outputs;
  return { parameters: kernel + normParameters(outputs, norm), multiplyAddsPerPixel: kernel };
}

/** Returns the cost of a `size` x `size` convolution of each channel by itself, with its batch norm. */
export function depthwiseCost(size: number, channels: number, norm: Norm): Cost {
  const kernel = size * size * channels;
  return { parameters: kernel + normParameters(channels, norm), multiplyAddsPerPixel: kernel };
}

/** Returns the cost of the decoder's separable convolution: depthwise and pointwise, each with an affine batch norm. */
export function separableCost(size: number, inputs: number, outputs: number): Cost {
  return sumCosts([depthwiseCost(size, inputs, "affine"), convCost(1, inputs, outputs, "affine")]);
}

/** Returns the cost of a `size` x `size` convolution with a bias and no batch norm, as at the output. */
export function outputCost(size: number, inputs: number, outputs: number): Cost {
  const { parameters, multiplyAddsPerPixel } = convCost(size, inputs, outputs, "plain");
  return { parameters: parameters + outputs, multiplyAddsPerPixel };
}

/** Returns the cost of one op on `channels` channels. */
export function opCost(primitive: Primitive, channels: number, norm: Norm): Cost {
  return OP_COSTS[primitive](channels, norm);
}

const OP_COSTS: Readonly<Record<Primitive, (channels: number, norm: Norm) => Cost>> = {
  conv_3x3: (channels, norm) => convCost(3, channels, channels, norm),
  sep_conv_3x3: (channels, norm) => twiceSeparableCost(3, channels, norm),
  sep_conv_5x5: (channels, norm) => twiceSeparableCost(5, channels, norm),
  dil_conv_3x3: (channels, norm) => convCost(3, channels, channels, norm),
  dil_conv_5x5: (channels, norm) => convCost(5, channels, channels, norm),
  skip_connect: () => FREE,
  none: () => FREE,
};

/** A separable primitive runs twice, and only its pointwise halves have a batch norm. */
function twiceSeparableCost(size: number, channels: number, norm: Norm): Cost {
  const once = [depthwiseCost(size, channels, "plain"), convCost(1, channels, channels, norm)];
  return sumCosts([...once, ...once]);
}

function normParameters(channels: number, norm: Norm): number {
  return norm === "affine" ? 2 * channels : 0;
}
