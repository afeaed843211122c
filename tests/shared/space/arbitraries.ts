import fc from "fast-check";

import type { ArchLogits } from "#shared/space/cells/archLogits.ts";
import { edgeCount, stateName } from "#shared/space/cells/cellGraph.ts";
import type { Genotype } from "#shared/space/cells/genotype.ts";
import { type Primitive, PRIMITIVES } from "#shared/space/cells/primitives.ts";
import { type NetworkPlan, planNetwork } from "#shared/space/spaces/networkPlan.ts";
import { MOVES, routersOf } from "#shared/space/spaces/widths/widthLevels.ts";

const USABLE = PRIMITIVES.filter((primitive) => primitive !== "none");

/** Logits: mostly any number a search may reach, often one of three, so that ties happen. */
const logit = fc.oneof(fc.double({ min: -8, max: 8, noNaN: true }), fc.constantFrom(0, 1, 2));

const primitiveList: fc.Arbitrary<Primitive[]> = fc
  .shuffledSubarray([...PRIMITIVES], { minLength: 1 })
  .filter((names) => names.some((name) => name !== "none"));

/** What a search may end with, and the width factors that go with it. */
export const searchOutcomes: fc.Arbitrary<{ logits: ArchLogits; widthFactors: number[] }> = fc
  .record({
    layers: fc.integer({ min: 1, max: 6 }),
    nodes: fc.integer({ min: 1, max: 5 }),
    widthLevels: fc.integer({ min: 1, max: 5 }),
    primitives: primitiveList,
  })
  .chain(({ layers, nodes, widthLevels, primitives }) => {
    const widthFactors = Array.from({ length: widthLevels }, (_, level) => 1 + level / 2);
    const row = fc.array(logit, { minLength: primitives.length, maxLength: primitives.length });
    const cell = fc.array(row, { minLength: edgeCount(nodes), maxLength: edgeCount(nodes) });
    const routers = routersOf({ layers, widthFactors }).map(({ moves }) =>
      fc.tuple(...MOVES.map((move) => (moves[move] ? logit : fc.constant(-50)))),
    );
    return fc.record({
      logits: fc.record({
        primitives: fc.constant(primitives),
        alpha: fc.array(cell, { minLength: layers, maxLength: layers }),
        beta: fc.tuple(...routers),
      }),
      widthFactors: fc.constant(widthFactors),
    });
  });

function twoEdges(node: number): fc.Arbitrary<{ from: ReturnType<typeof stateName>; primitive: Primitive }[]> {
  const states = Array.from({ length: 2 + node }, (_, index) => stateName(index));
  return fc
    .tuple(
      fc.shuffledSubarray(states, { minLength: 2, maxLength: 2 }),
      fc.tuple(fc.constantFrom(...USABLE), fc.constantFrom(...USABLE)),
    )
    .map(([sources, primitives]) =>
      sources.map((from, index) => ({ from, primitive: primitives[index] ?? "conv_3x3" })),
    );
}

/** Any genotype that a cell graph and a width trellis allow. */
export const genotypes: fc.Arbitrary<Genotype> = fc
  .record({
    nodes: fc.integer({ min: 1, max: 7 }),
    widthLevels: fc.integer({ min: 1, max: 4 }),
    steps: fc.array(fc.constantFrom(-1, 0, 1), { minLength: 1, maxLength: 7 }),
  })
  .chain(({ nodes, widthLevels, steps }) => {
    const widthPath: number[] = [];
    for (const step of steps) {
      widthPath.push(Math.min(widthLevels - 1, Math.max(0, (widthPath.at(-1) ?? 0) + step)));
    }
    const cell = fc.record({ nodes: fc.tuple(...Array.from({ length: nodes }, (_, node) => twoEdges(node))) });
    return fc.record({
      schema: fc.constant("hinas.genotype" as const),
      version: fc.constant(1 as const),
      widthFactors: fc.constant(Array.from({ length: widthLevels }, (_, level) => 1 + level / 2)),
      cells: fc.array(cell, { minLength: steps.length, maxLength: steps.length }),
      widthPath: fc.constant(widthPath),
    });
  });

/** Any settings of a network, small enough to run. */
const networkSettings = fc.record({
  filters: fc.integer({ min: 1, max: 3 }),
  imageChannels: fc.constantFrom(1 as const, 3 as const),
  noiseMap: fc.boolean(),
  unshuffle: fc.constantFrom(1 as const, 2 as const),
  stemChannels: fc.integer({ min: 1, max: 6 }),
  endpointChannels: fc.integer({ min: 1, max: 6 }),
  decoderChannels: fc.integer({ min: 1, max: 6 }),
});

/** Any network of up to three layers, small enough to run. */
export const networkPlans: fc.Arbitrary<NetworkPlan<Genotype>> = fc
  .tuple(
    genotypes.filter(({ cells }) => cells.length <= 3),
    networkSettings,
  )
  .map(([genotype, settings]) => planNetwork(genotype, settings));

/** Four nodes per cell and the same primitive everywhere, as in the figures the papers' code implies. */
export function uniformGenotype(primitive: Primitive, widthPath: readonly number[]): Genotype {
  const node = [
    { from: "s0", primitive },
    { from: "s1", primitive },
  ] as const;
  const cells = widthPath.map(() => ({ nodes: [node, node, node, node] }));
  return { schema: "hinas.genotype", version: 1, widthFactors: [1, 1.5, 2], cells, widthPath };
}
