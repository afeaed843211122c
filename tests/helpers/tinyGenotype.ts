import type { Genotype } from "#shared/space/cells/genotype.ts";

/** The smallest genotype: one layer with one node. */
export const TINY_GENOTYPE: Genotype = {
  schema: "hinas.genotype",
  version: 1,
  widthFactors: [1],
  widthPath: [0],
  cells: [
    {
      nodes: [
        [
          { from: "s0", primitive: "conv_3x3" },
          { from: "s1", primitive: "skip_connect" },
        ],
      ],
    },
  ],
};
