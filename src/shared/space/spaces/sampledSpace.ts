import type { z } from "zod";

import type { Random } from "#shared/random/random.ts";
import type { Decisions } from "#shared/space/candidates/candidateSpace.ts";

/**
 * A space whose architectures are asked for one by one; `S` are its settings, `G` its genotypes. All its functions are pure but for
 * the random numbers that they draw, so that equal seeds give equal architectures.
 */
export interface SampledSpace<S, G extends { readonly schema: string }> {
  /** Heads its genotypes. */
  readonly schema: G["schema"];
  readonly settings: z.ZodType<S>;
  /** Counts the genotypes that the settings allow. */
  readonly count: (settings: S) => bigint;
  /** Goes through all of them, each once; for small settings. */
  readonly enumerate: (settings: S) => Iterable<G>;
  /** Draws a genotype; every genotype can come. */
  readonly sample: (settings: S, random: Random) => G;
  /** Changes one thing at random and leaves the genotype as it was. Throws an Error where it is not of these settings. */
  readonly mutate: (settings: S, genotype: G, random: Random) => G;
  /** Lists all genotypes that one such change leads to. Throws an Error as `mutate` does. */
  readonly neighbours: (settings: S, genotype: G) => readonly G[];
  /** Writes a genotype of these settings as zeros and ones, always as many. Throws an Error where it is not of them. */
  readonly encode: (settings: S, genotype: G) => number[];
  /** Gives the choices that make a genotype one by one; null where it is no list of them. `read` throws an Error as `mutate` does. */
  readonly decisions: (settings: S) => Decisions<G> | null;
}
