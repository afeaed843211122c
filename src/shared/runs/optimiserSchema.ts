import { z } from "zod";

const share = z.number().min(0).max(1);
const positive = z.number().positive();
const nonNegative = z.number().min(0);

// What is meant by settings that searches have as well.
export const MOMENTUM_HELP = "Share of the last update that goes on in the next; usual: 0.9.";
export const WEIGHT_DECAY_HELP = "Pull of the weights towards zero in every step.";
export const OUTPUT_RATE_HELP =
  "Factor of the learning rate for the last convolution, which alone has no batch norm behind it; too high, it diverges.";
const BIAS_RATE_HELP = "Factor of the learning rate for biases and for the shifts of batch norms.";
export const BETA1_HELP = "How long Adam remembers the gradient; usual: 0.9.";
export const BETA2_HELP = "How long Adam remembers the size of the gradient; usual: 0.999.";

/**
 * The last convolution reads over a thousand inputs: at the published rates of SGD it diverges within a few steps (measured
 * with a factor of 1; 1/4 is stable). The published supernet ends in a sigmoid instead, whose slope of at most 1/4 divides
 * that layer's curvature by 16 or more.
 */
export const SGD_OUTPUT_RATE_FACTOR = 1 / 8;
/** Published: biases, and the shifts of batch norms, move twice as fast and do not decay. */
export const SGD_BIAS_RATE_FACTOR = 2;

/** How the weights of a training move down their gradient. */
export const optimiserSchema = z
  .discriminatedUnion("kind", [
    z.strictObject({
      kind: z.literal("sgd"),
      learningRate: positive.default(0.05).describe("Highest rate of the schedule; usual for SGD: 0.01 to 0.1."),
      momentum: share.default(0.9).describe(MOMENTUM_HELP),
      weightDecay: nonNegative.default(4e-5).describe(`${WEIGHT_DECAY_HELP} Published: 0.00004.`),
      outputRateFactor: positive.default(SGD_OUTPUT_RATE_FACTOR).describe(OUTPUT_RATE_HELP),
      biasRateFactor: positive.default(SGD_BIAS_RATE_FACTOR).describe(`${BIAS_RATE_HELP} Published: 2.`),
    }),
    z.strictObject({
      kind: z.literal("adam"),
      learningRate: positive.default(1e-3).describe("Highest rate of the schedule; usual for Adam: 0.0001 to 0.001."),
      beta1: share.default(0.9).describe(BETA1_HELP),
      beta2: share.default(0.999).describe(BETA2_HELP),
      weightDecay: nonNegative.default(0).describe(`${WEIGHT_DECAY_HELP} 0 is usual for Adam.`),
      outputRateFactor: positive.default(1).describe(OUTPUT_RATE_HELP),
      biasRateFactor: positive.default(1).describe(BIAS_RATE_HELP),
    }),
    z.strictObject({
      kind: z.literal("adamw"),
      learningRate: positive.default(1e-3).describe("Highest rate of the schedule; usual for AdamW: 0.0001 to 0.001."),
      beta1: share.default(0.9).describe(BETA1_HELP),
      beta2: share.default(0.999).describe(BETA2_HELP),
      weightDecay: nonNegative
        .default(0.01)
        .describe("Share of the weights that a step at learning rate 1 takes away; usual for AdamW: 0.0001 to 0.05."),
      outputRateFactor: positive.default(1).describe(OUTPUT_RATE_HELP),
      biasRateFactor: positive.default(1).describe(BIAS_RATE_HELP),
    }),
    z.strictObject({
      kind: z.literal("muon"),
      learningRate: positive.default(4e-3).describe("Highest rate of the schedule; usual for Muon: 0.001 to 0.01."),
      momentum: share.default(0.9).describe(MOMENTUM_HELP),
      beta1: share.default(0.9).describe(BETA1_HELP),
      beta2: share.default(0.999).describe(BETA2_HELP),
      weightDecay: nonNegative.default(0).describe("Share of the weights that a step at learning rate 1 takes away."),
      outputRateFactor: positive.default(1).describe(OUTPUT_RATE_HELP),
      biasRateFactor: positive.default(1).describe(BIAS_RATE_HELP),
    }),
  ])
  .describe(
    "SGD with momentum as published, Adam, AdamW, whose weight decay stays out of the gradient, or Muon, which moves a filter equally fast in all its directions and learns most in a step.",
  );

/** How the learning rate of a training falls. */
export const scheduleSchema = z
  .discriminatedUnion("kind", [
    z.strictObject({
      kind: z.literal("poly"),
      power: nonNegative
        .default(0.9)
        .describe("1 falls to zero in a straight line; below 1 the rate stays high for longer."),
    }),
    z.strictObject({
      kind: z.literal("cosine"),
      minLearningRate: nonNegative.default(0).describe("Where the fall ends."),
    }),
  ])
  .describe("How the learning rate falls over the steps: by a power as published, or along half a cosine.");
