import { z } from "zod";

const stageSchema = z.strictObject({
  share: z.number().positive().max(1).describe("Share of the steps."),
  batchSize: z.int().positive().describe("Patches per step."),
  patchSize: z.int().min(11).describe("Side of a square training patch in pixels."),
});

/** Shares are typed with a few digits: thirds as 0.333. */
const SHARES_TOLERANCE = 0.002;

/** The stages of a training by their shares of the steps, which sum to 1; none is one stage. */
export const stagesSchema = z.array(stageSchema).superRefine((stages, context) => {
  const sum = stages.reduce((total, stage) => total + stage.share, 0);
  if (stages.length === 0 || Math.abs(sum - 1) <= SHARES_TOLERANCE) return;
  context.addIssue({
    code: "custom",
    message: `must have shares that sum to 1 (these sum to ${Number(sum.toFixed(6))})`,
  });
});
