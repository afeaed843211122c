import fc from "fast-check";

import type { ArchLogits } from "#shared/space/cells/archLogits.ts";
import { edgeCount, stateName } from "#shared/space/cells/cellGraph.ts";
import type { Genotype } from "#shared/space/cells/genotype.ts";
import { type Primitive, PRIMITIVES } from "#shared/space/cells/primitives.ts";
import { createRandom } from "#shared/random/createRandom.ts";
import { chainSettingsSchema, chainSpace } from "#shared/space/spaces/chain/chainSpace.ts";
import { CHAIN_PRIMITIVES, type ChainGenotype } from "#shared/space/spaces/chain/genotype.ts";
import type { MotifGenotype } from "#shared/space/spaces/motifs/genotype.ts";
import { motifSettingsSchema, motifSpace } from "#shared/space/spaces/motifs/motifSpace.ts";
import { type NetworkPlan, planNetwork } from "#shared/space/spaces/networkPlan.ts";
import { resolutionSettingsSchema, resolutionSpace } from "#shared/space/spaces/resolutions/resolutionSpace.ts";
import type { SpaceKind } from "#shared/space/spaces/searchSpace.ts";
import type { AnyGenotype, AnyNetworkPlan } from "#shared/space/spaces/spaces.ts";
import { MOVES, routersOf } from "#shared/space/spaces/widths/widthLevels.ts";

/** What networks are made of: an edge of noise is left out of them. */
const USABLE = PRIMITIVES.filter((primitive) => primitive !== "none" && primitive !== "noise");

/** Logits: mostly any number a search may reach, often one of three, so that ties happen. */
const logit = fc.oneof(fc.double({ min: -8, max: 8, noNaN: true }), fc.constantFrom(0, 1, 2));

const primitiveList: fc.Arbitrary<Primitive[]> = fc
  .shuffledSubarray([...PRIMITIVES], { minLength: 1 })
  .filter((names) => names.some((name) => name !== "none"));

const factorsOf = (widthLevels: number): number[] => Array.from({ length: widthLevels }, (_, level) => 1 + level / 2);

/** What a search in any space may end with, and the width factors that go with it. */
export const searchOutcomes: fc.Arbitrary<{ logits: ArchLogits; widthFactors: number[]; kind: SpaceKind }> = fc
  .record({
    kind: fc.constantFrom("widths" as const, "scales" as const),
    layers: fc.integer({ min: 1, max: 6 }),
    nodes: fc.integer({ min: 1, max: 5 }),
    widthLevels: fc.integer({ min: 1, max: 5 }),
    primitives: primitiveList,
  })
  .chain(({ kind, layers, nodes, widthLevels, primitives }) => {
    const widthFactors = factorsOf(widthLevels);
    const depth = kind === "scales" ? layers - 1 + (layers % 2) : layers;
    const row = fc.array(logit, { minLength: primitives.length, maxLength: primitives.length });
    const cell = fc.array(row, { minLength: edgeCount(nodes), maxLength: edgeCount(nodes) });
    const routers = routersOf({ layers, widthFactors }).map(({ moves }) =>
      fc.tuple(...MOVES.map((move) => (moves[move] ? logit : fc.constant(-50)))),
    );
    const levels = fc.array(logit, { minLength: widthLevels, maxLength: widthLevels });
    return fc.record({
      logits: fc.record({
        primitives: fc.constant(primitives),
        alpha: fc.array(cell, { minLength: depth, maxLength: depth }),
        beta: kind === "scales" ? fc.array(levels, { minLength: depth, maxLength: depth }) : fc.tuple(...routers),
      }),
      widthFactors: fc.constant(widthFactors),
      kind: fc.constant(kind),
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

function cellsOf(nodes: number, count: number): fc.Arbitrary<Genotype["cells"]> {
  const cell = fc.record({ nodes: fc.tuple(...Array.from({ length: nodes }, (_, node) => twoEdges(node))) });
  return fc.array(cell, { minLength: count, maxLength: count });
}

/** Any genotype of cells in a row that a cell graph and a width trellis allow. */
export const rowGenotypes: fc.Arbitrary<Genotype> = fc
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
    return cellsOf(nodes, steps.length).map((cells) => ({
      ...{ schema: "hinas.genotype" as const, version: 1 as const },
      ...{ widthFactors: factorsOf(widthLevels), cells, widthPath },
    }));
  });

/** Any genotype of a U with one to four scales: any width level at any place. */
export const scalesGenotypes: fc.Arbitrary<Genotype> = fc
  .record({
    nodes: fc.integer({ min: 1, max: 7 }),
    widthLevels: fc.integer({ min: 1, max: 4 }),
    scales: fc.integer({ min: 1, max: 4 }),
  })
  .chain(({ nodes, widthLevels, scales }) => {
    const layers = 2 * scales - 1;
    const level = fc.integer({ min: 0, max: widthLevels - 1 });
    return fc
      .tuple(cellsOf(nodes, layers), fc.array(level, { minLength: layers, maxLength: layers }))
      .map(([cells, widthPath]) => ({
        ...{ schema: "hinas.scales" as const, version: 1 as const },
        ...{ widthFactors: factorsOf(widthLevels), cells, widthPath },
      }));
  });

/** Any genotype of HiNAS cells. */
export const genotypes: fc.Arbitrary<Genotype> = fc.oneof(rowGenotypes, scalesGenotypes);

/** Chains of up to three layers that do not reach too far to be cut into tiles. */
export const chainGenotypes: fc.Arbitrary<ChainGenotype> = fc
  .record({ layers: fc.integer({ min: 1, max: 3 }), seed: fc.integer({ min: 0, max: 1_000_000 }) })
  .map(({ layers, seed }) => {
    const settings = { layers, primitives: [...CHAIN_PRIMITIVES], dilations: [1, 2] };
    return chainSpace.sample(chainSettingsSchema.parse(settings), createRandom(seed, "chain"));
  });

/** Hierarchies of one cell that do not reach too far to be cut into tiles. */
export const motifGenotypes: fc.Arbitrary<MotifGenotype> = fc.integer({ min: 0, max: 1_000_000 }).map((seed) => {
  const primitives = ["conv_3x3", "sep_conv_3x3", "skip_connect"];
  const levels = [
    { motifs: 2, nodes: 3 },
    { motifs: 1, nodes: 3 },
  ];
  return motifSpace.sample(motifSettingsSchema.parse({ cells: 1, primitives, levels }), createRandom(seed, "motifs"));
});

/** Paths of up to three layers through up to three resolutions. */
export const resolutionGenotypes: fc.Arbitrary<Genotype> = fc
  .record({
    layers: fc.integer({ min: 1, max: 3 }),
    levels: fc.integer({ min: 1, max: 3 }),
    seed: fc.integer({ min: 0, max: 1_000_000 }),
  })
  .map(({ seed, ...sizes }) => {
    const settings = { ...sizes, nodes: 1, primitives: ["conv_3x3", "skip_connect"] };
    return resolutionSpace.sample(resolutionSettingsSchema.parse(settings), createRandom(seed, "resolutions"));
  });

/** Any genotype of any space. */
export const anyGenotypes: fc.Arbitrary<AnyGenotype> = fc.oneof(
  genotypes,
  chainGenotypes,
  motifGenotypes,
  resolutionGenotypes,
);

/** Any settings of a network, small enough to run. */
const networkSettings = fc.record({
  filters: fc.integer({ min: 1, max: 3 }),
  imageChannels: fc.constantFrom(1 as const, 3 as const),
  noiseMap: fc.boolean(),
  unshuffle: fc.constantFrom(1 as const, 2 as const),
  stemChannels: fc.integer({ min: 1, max: 6 }),
  endpointChannels: fc.integer({ min: 1, max: 6 }),
  decoderChannels: fc.integer({ min: 1, max: 6 }),
  normalisation: fc.constantFrom("batch" as const, "none" as const),
});

function plansOf<G>(few: fc.Arbitrary<G>): fc.Arbitrary<NetworkPlan<G>> {
  return fc.tuple(few, networkSettings).map(([genotype, settings]) => planNetwork(genotype, settings));
}

/** Any network of up to three layers in a row, small enough to run. */
export const rowPlans = plansOf(rowGenotypes.filter(({ cells }) => cells.length <= 3));

/** Any network on a U of up to three scales, small enough to run. */
export const scalesPlans = plansOf(scalesGenotypes.filter(({ cells }) => cells.length <= 5));

/** Any network of any space, small enough to run. */
export const networkPlans: fc.Arbitrary<AnyNetworkPlan> = fc.oneof(
  rowPlans,
  scalesPlans,
  plansOf(chainGenotypes),
  plansOf(motifGenotypes),
  plansOf(resolutionGenotypes),
);

/** How many pixels of a picture one pixel of a network's smallest value is wide, worked out from its plan. */
export function scaleOfPlan({ genotype, unshuffle }: AnyNetworkPlan): number {
  if (genotype.schema === "hinas.scales") return unshuffle * 2 ** ((genotype.cells.length - 1) / 2);
  return genotype.schema === "hinas.resolutions" ? unshuffle * 2 ** Math.max(...genotype.widthPath) : unshuffle;
}

/** Four nodes per cell and the same primitive everywhere, as in the figures the papers' code implies. */
export function uniformGenotype(primitive: Primitive, widthPath: readonly number[]): Genotype {
  const node = [
    { from: "s0", primitive },
    { from: "s1", primitive },
  ] as const;
  const cells = widthPath.map(() => ({ nodes: [node, node, node, node] }));
  return { schema: "hinas.genotype", version: 1, widthFactors: [1, 1.5, 2], cells, widthPath };
}
