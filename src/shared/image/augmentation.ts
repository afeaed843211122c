import { z } from "zod";

const factor = z.number().positive();

/** How training patches are varied. */
export const augmentationSchema = z.strictObject({
  rescaleProbability: z
    .number()
    .min(0)
    .max(1)
    .default(0.5)
    .describe("Chance that a photo is rescaled before its patch is cut."),
  rescaleFrom: factor.default(0.8).describe("Smallest factor of rescaling."),
  rescaleTo: factor.default(1.2).describe("Largest factor of rescaling."),
  rotate: z.boolean().default(true).describe("Turn by a random multiple of 90 degrees."),
  mirror: z.boolean().default(true).describe("Mirror left to right with chance one half."),
});

export type Augmentation = Readonly<z.infer<typeof augmentationSchema>>;
