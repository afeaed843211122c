import { z } from "zod";

import { LabError } from "#shared/labError.ts";
import { OP_WEIGHT_KINDS } from "#shared/space/cells/opWeights.ts";
import { type AnyGenotype, parseAnyGenotype } from "#shared/space/spaces/spaces.ts";
import { PRIMITIVES } from "#shared/space/cells/primitives.ts";

const finite = z.number();

/** States of a run; only `finished` is a success. */
export const RUN_STATES = [
  "queued",
  "preparing",
  "running",
  "paused",
  "finished",
  "failed",
  "stopped",
  "interrupted",
] as const;
export type RunState = (typeof RUN_STATES)[number];

/** States in which some process is at work on the run, or ought to be. */
export const ACTIVE_STATES: ReadonlySet<RunState> = new Set(["queued", "preparing", "running", "paused"]);

const archLogitsSchema = z.object({
  primitives: z.array(z.enum(PRIMITIVES)).readonly(),
  opWeights: z.enum(OP_WEIGHT_KINDS).optional(),
  alpha: z.array(z.array(z.array(finite).readonly()).readonly()).readonly(),
  beta: z.array(z.array(finite).readonly()).readonly(),
  edges: z.array(z.array(finite).readonly()).readonly().optional(),
});

/** PSNR in dB and SSIM, means over the validation photos. */
export const validationSchema = z.object({
  psnrDb: finite,
  ssim: finite,
  score: finite.describe("SSIM + PSNR / 100, the published measure that picks the best architecture."),
});
export type ValidationScore = Readonly<z.infer<typeof validationSchema>>;

/** How a strategy came upon a candidate: what it knows of it by itself. */
export const originSchema = z.object({
  parent: z.string().min(1).optional().describe("Hash of the architecture that it was changed from."),
  predicted: z
    .object({ mean: finite, deviation: finite.min(0) })
    .optional()
    .describe("What a predictor thought of its score before it was measured."),
  entropy: finite.optional().describe("Mean entropy of the controller's choices in nats when it was drawn."),
});
export type CandidateOrigin = Readonly<z.infer<typeof originSchema>>;

const genotypeSchema = z.unknown().transform((value, context): AnyGenotype => {
  try {
    return parseAnyGenotype(value, "candidate");
  } catch (error) {
    if (!(error instanceof LabError)) throw error;
    context.addIssue({ code: "custom", message: error.message });
    return z.NEVER;
  }
});

/** What the compute process tells about a run, as plain data. `step` counts weight steps done so far. */
export const computeEventSchema = z.discriminatedUnion("type", [
  z.object({
    type: z.literal("step"),
    step: z.int(),
    totalSteps: z.int(),
    epoch: finite,
    loss: finite,
    archLoss: finite.optional(),
    expectedCost: finite
      .optional()
      .describe("That a network drawn by the op and move weights has, in the unit of the search's cost setting."),
    learningRate: finite,
    secondsPerStep: finite,
    residentMb: finite,
    cpuShare: z
      .number()
      .min(0)
      .max(1)
      .optional()
      .describe("Share of the computer's processor that was busy, by whatever; absent at first and in older runs."),
    gpuShare: z
      .number()
      .min(0)
      .max(1)
      .optional()
      .describe("Share of the time in which the graphics card was at work; absent where no driver tells it."),
    gpuMemoryMb: finite.optional().describe("In use on the graphics card, by whatever."),
    gpuMemoryTotalMb: finite.optional().describe("That the graphics card has."),
    tensors: z.int(),
  }),
  z.object({
    type: z.literal("validation"),
    step: z.int(),
    epoch: finite,
    validation: validationSchema,
    isBest: z.boolean(),
  }),
  z.object({ type: z.literal("arch"), step: z.int(), epoch: z.int(), arch: archLogitsSchema }),
  z.object({
    type: z.literal("measure"),
    step: z.int(),
    epoch: z.int(),
    skips: z.array(z.int()).readonly().describe("Skip connections that the cell of each layer would keep."),
    stableEpochs: z
      .int()
      .describe("Epochs in a row, this one included, in which every edge has had the same best primitive."),
    eigenvalue: finite.nullable().describe("The dominant one of the alpha Hessian; null where it was not measured."),
    gap: finite
      .nullable()
      .describe(
        "The supernet's score less its score with each edge's strongest primitive alone; null where it was not measured.",
      ),
  }),
  z.object({
    type: z.literal("candidate"),
    step: z.int(),
    epoch: finite,
    genotype: genotypeSchema,
    genotypeHash: z.string().min(1),
    score: finite.describe("By the search's estimator; higher is better."),
    psnrDb: finite.optional().describe("Of its validation; absent where nothing was validated, and in older runs."),
    parameters: z.int().describe("Of the derived network at the search's filters."),
    multiplyAddsPerPixel: finite.describe("Of the derived network at the search's filters."),
    memoryBytesPerPixel: finite
      .optional()
      .describe("That the derived network needs to denoise, estimated, at the search's filters; absent in older runs."),
    fidelity: z
      .number()
      .min(0)
      .max(1)
      .describe("Share of the estimator's full effort that the score rests on: of the supernet's training for one."),
    strategy: z.string().min(1).describe("Kind of the strategy that came upon it."),
    seconds: finite.min(0).optional().describe("That its score took; absent where it has none of its own."),
    origin: originSchema.optional().describe("Absent where the strategy knows nothing of it."),
    warmStart: z
      .object({ taken: z.int().min(0), of: z.int().positive(), isGrown: z.boolean() })
      .optional()
      .describe(
        "How many of its filters and biases began with the parent's, and whether it computed the same at first.",
      ),
    curve: z
      .array(z.object({ fidelity: z.number().min(0).max(1), psnrDb: finite, score: finite }))
      .readonly()
      .optional()
      .describe("Validations on the way and at the end, where the estimator trains."),
  }),
  z.object({
    type: z.literal("checkpoint"),
    step: z.int(),
    kind: z.enum(["best", "last", "periodic"]),
    file: z.string().describe("Relative to the run folder."),
  }),
  z.object({ type: z.literal("log"), level: z.enum(["info", "warning", "error"]), message: z.string() }),
  z.object({
    type: z.literal("resumed"),
    step: z
      .int()
      .describe(
        "The step from which the run goes on, 0 without a checkpoint; earlier lines of a higher step are void.",
      ),
  }),
]);
export type ComputeEvent = Readonly<z.infer<typeof computeEventSchema>>;

/** A line of events.jsonl: what compute tells, and the states and sample pictures that the lab adds. */
export const runEventSchema = z.intersection(
  z.object({ time: z.iso.datetime() }),
  z.union([
    computeEventSchema,
    z.object({ type: z.literal("state"), state: z.enum(RUN_STATES), reason: z.string().optional() }),
    z.object({
      type: z.literal("sample"),
      step: z.int(),
      epoch: finite,
      noisy: z
        .string()
        .describe("A validation photo as the network gets it; relative to the run folder, always the same."),
      denoised: z
        .string()
        .describe("What came out; relative to the run folder. A long run drops some of the pictures."),
      clean: z
        .string()
        .optional()
        .describe(
          "The photo as it ought to come out; relative to the run folder, always the same. Older runs have none.",
        ),
      psnrDb: finite.optional().describe("Of what came out, as it is shown."),
      noisyPsnrDb: finite.optional().describe("Of what went in, as it is shown."),
    }),
  ]),
);
export type RunEvent = Readonly<z.infer<typeof runEventSchema>>;
/** The events of a type. */
export type EventOf<Type extends RunEvent["type"]> = Extract<RunEvent, { type: Type }>;
