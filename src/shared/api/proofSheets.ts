import { z } from "zod";

import { strengthSchema } from "./saving.ts";
import { takes } from "./procedure.ts";

/** As many pictures as are told apart at a glance, and as have a key each. */
export const MOST_PROOFS = 6;
export const FEWEST_PROOFS = 2;

const proofSchema = z.strictObject({
  /** A training run, or the id of a network with a card. */
  model: z.string().min(1),
  name: z.string().min(1),
  genotypeHash: z.string().min(1),
  strength: strengthSchema,
  /** From 1, the best, as somebody saw it who did not know which picture was which. */
  rank: z.int().min(1).max(MOST_PROOFS),
  /** Of the patch against the clean one; null where nobody has that. */
  psnrDb: z.number().nullable(),
});

/** Networks at strengths on one patch, ranked by eye. */
export const proofSheetWishSchema = z
  .strictObject({
    dataset: z.string().min(1),
    photo: z.string().min(1),
    /** The part that was looked at, in the photo's pixels. */
    area: z.strictObject({
      x: z.int().min(0),
      y: z.int().min(0),
      width: z.int().positive(),
      height: z.int().positive(),
    }),
    /** Of the noise that was added; null for the photo as it was. */
    sigma255: z.number().min(0).max(255).nullable(),
    proofs: z.array(proofSchema).min(FEWEST_PROOFS).max(MOST_PROOFS),
  })
  .refine(({ proofs }) => new Set(proofs.map(({ rank }) => rank)).size === proofs.length, {
    error: "ranks must differ",
  });
export type ProofSheetWish = Readonly<z.infer<typeof proofSheetWishSchema>>;

/** proof-<id>.json: a sheet that was ranked. */
export const proofSheetSchema = proofSheetWishSchema.safeExtend({
  schema: z.literal("hinas.proof-sheet"),
  version: z.literal(1),
  id: z.string(),
  rankedAt: z.iso.datetime(),
});
export type ProofSheet = Readonly<z.infer<typeof proofSheetSchema>>;

export const proofSheetProcedures = {
  /** Keeps what was ranked. */
  keepProofSheet: takes(proofSheetWishSchema).gives<ProofSheet>(),
  /** Newest first. */
  listProofSheets: takes().gives<readonly ProofSheet[]>(),
  /** Moves a sheet to the lab's trash. */
  removeProofSheet: takes(z.string().min(1)).givesNothing(),
};
