import { z } from "zod";

const weight = z
  .number()
  .min(0)
  .default(0.05)
  .describe("Lambda: how much the logarithm of the expected cost counts beside the loss; 0 only watches it.");

const target = z.number().positive().nullable().default(null);

/** What a network costs as part of what a search minimises. */
export const costSchema = z
  .discriminatedUnion("kind", [
    z.strictObject({ kind: z.literal("none") }),
    z.strictObject({
      kind: z.literal("multiplyAdds"),
      weight,
      target: target.describe(
        "Multiply-adds per pixel at which the term is zero, drawn as a line; it moves nothing, only lambda does. Null: what the search begins with.",
      ),
    }),
    z.strictObject({
      kind: z.literal("latency"),
      weight,
      target: target.describe(
        "Milliseconds at which the term is zero, drawn as a line; it moves nothing, only lambda does. Null: what the search begins with.",
      ),
    }),
  ])
  .describe(
    "none: the loss alone. multiplyAdds: loss + lambda log(E / target), E the multiply-adds per pixel that a network drawn by the op and move weights is expected to have. latency: the same with the milliseconds that a picture of 256 x 256 pixels takes, from a table of parts measured on this device.",
  );

export type SearchCost = Readonly<z.infer<typeof costSchema>>;
