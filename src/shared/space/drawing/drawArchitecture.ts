import type { AnyGenotype, GenotypeOf, SpaceName } from "#shared/space/spaces/spaces.ts";

import { drawChain } from "./drawChain.ts";
import type { DrawingOptions } from "./drawDocument.ts";
import { drawGenotype } from "./drawGenotype.ts";
import { drawMotifs } from "./drawMotifs.ts";

type Draw<G> = (genotype: G, options: DrawingOptions) => string;

/** How the genotypes of each space are drawn, one row each. */
const DRAWINGS: { readonly [S in SpaceName]: Draw<GenotypeOf<S>> } = {
  "hinas.genotype": drawGenotype,
  "hinas.scales": drawGenotype,
  "hinas.chain": drawChain,
  "hinas.motifs": drawMotifs,
  "hinas.resolutions": drawGenotype,
};

/** Draws a genotype of any search space as a standalone SVG document. */
export function drawArchitecture(genotype: AnyGenotype, options: DrawingOptions): string {
  return drawingOf(genotype.schema)(genotype, options);
}

function drawingOf<S extends SpaceName>(name: S): Draw<GenotypeOf<S>> {
  return DRAWINGS[name];
}
