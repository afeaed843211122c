/** Names of the candidate operations, in the order of the journal-era space (science notes 1.2). */
export const PRIMITIVES = [
  "conv_3x3",
  "sep_conv_3x3",
  "sep_conv_5x5",
  "dil_conv_3x3",
  "dil_conv_5x5",
  "skip_connect",
  "none",
] as const;

/** A candidate operation by name; the name is its identity everywhere, never its position. */
export type Primitive = (typeof PRIMITIVES)[number];
