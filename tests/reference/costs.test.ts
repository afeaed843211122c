import { readdirSync } from "node:fs";

import { describe, expect, it } from "vitest";
import { z } from "zod";

import { stateName } from "#shared/space/cells/cellGraph.ts";
import { networkCost } from "#shared/space/graph/costModel.ts";
import type { Genotype } from "#shared/space/cells/genotype.ts";
import { PRIMITIVES } from "#shared/space/cells/primitives.ts";
import { buildNetworkGraph } from "#shared/space/spaces/widths/buildNetworkGraph.ts";
import { planNetwork } from "#shared/space/spaces/networkPlan.ts";
import { searchSpaceSchema } from "#shared/space/spaces/searchSpace.ts";
import { supernetCost } from "#shared/space/spaces/widths/supernetParameters.ts";
import { endpointLayer } from "#shared/space/spaces/widths/widthLevels.ts";
import { loadReference, REFERENCE_FOLDER, type ReferenceFile } from "#tests/helpers/referenceFixtures.ts";

const networkSchema = z.object({
  filters: z.int(),
  nodes: z.int(),
  width_factors: z.array(z.number()),
  /** Per layer the kept edges of all nodes one after another: primitive and index of the state it reads. */
  cells: z.array(z.array(z.tuple([z.enum(PRIMITIVES), z.int()]))),
  path: z.array(z.int()),
  endpoint_layer: z.union([z.int(), z.literal("stem")]),
  trainable_parameters: z.int(),
});

const supernetSchema = z
  .object({
    filters: z.int(),
    layers: z.int(),
    nodes: z.int(),
    width_factors: z.array(z.number()),
    primitives: z.array(z.enum(PRIMITIVES)),
  })
  .transform(({ width_factors: widthFactors, ...space }) => searchSpaceSchema.parse({ ...space, widthFactors }));

function genotypeOf({ nodes, width_factors, cells, path }: z.infer<typeof networkSchema>): Genotype {
  return {
    schema: "hinas.genotype",
    version: 1,
    widthFactors: width_factors,
    widthPath: path,
    cells: cells.map((edges) => {
      const kept = edges.map(([primitive, state]) => ({ primitive, from: stateName(state) }));
      const perNode = kept.length / nodes;
      return { nodes: Array.from({ length: nodes }, (_, node) => kept.slice(node * perNode, (node + 1) * perNode)) };
    }),
  };
}

/** Numbers in the tensors whose name starts with the name of a part of a network that is trained. */
function countWeights({ tensors }: ReferenceFile): number {
  const part = /^(stem_|widen_|router\.|cell\.|decoder\.)/;
  return [...tensors].reduce((sum, [name, { data }]) => (part.test(name) ? sum + data.length : sum), 0);
}

const networks = readdirSync(REFERENCE_FOLDER).filter((file) => /^network_\d+\./.test(file));

describe("costs of the authors' networks", () => {
  it.each(networks)("counts the trainable parameters of %s exactly and finds what its decoder reads", (file) => {
    const facts = networkSchema.parse(loadReference(file).metadata);
    const genotype = genotypeOf(facts);
    expect(networkCost(buildNetworkGraph(planNetwork(genotype, { filters: facts.filters }))).parameters).toBe(
      facts.trainable_parameters,
    );
    expect(endpointLayer(genotype.widthPath) ?? "stem").toBe(facts.endpoint_layer);
  });

  it("counts the weight variables of the supernet exactly", () => {
    const supernet = loadReference("supernet.safetensors");
    expect(supernetCost(supernetSchema.parse(supernet.metadata)).parameters).toBe(countWeights(supernet));
  });
});
