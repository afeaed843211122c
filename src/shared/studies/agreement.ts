import { at } from "#shared/at.ts";
import { createRandom } from "#shared/random/createRandom.ts";
import { createCellsSpace } from "#shared/space/candidates/cellsSpace.ts";
import type { StateName } from "#shared/space/cells/cellGraph.ts";
import type { Genotype } from "#shared/space/cells/genotype.ts";
import type { Primitive } from "#shared/space/cells/primitives.ts";
import type { SearchSpace } from "#shared/space/spaces/searchSpace.ts";
import { meanOf } from "#shared/statistics/summary.ts";

/** An edge that came out, and how often. */
export interface EdgeAgreement {
  readonly layer: number;
  readonly node: number;
  readonly from: StateName;
  readonly primitive: Primitive;
  /** Share of the seeds that have it, 0..1. */
  readonly share: number;
}

/** A width level that came out at a layer, and how often. */
export interface WidthAgreement {
  readonly layer: number;
  readonly factor: number;
  readonly share: number;
}

/** How far the seeds of an arm found the same. */
export interface Agreement {
  readonly arm: string;
  readonly architectures: number;
  readonly edges: readonly EdgeAgreement[];
  readonly widths: readonly WidthAgreement[];
  /** Share of the edges that two seeds have in common, on average over all pairs; null for a single seed. */
  readonly meanSharedEdges: number | null;
  /** The same for width levels. */
  readonly meanSharedWidths: number | null;
  /** What two architectures drawn at random from the space have in common. */
  readonly chanceEdges: number;
  readonly chanceWidths: number;
}

/** Pairs of random architectures: enough that the chance level is known to about a hundredth. */
const RANDOM_PAIRS = 100;

/** Measures how far architectures of one space agree, and what chance alone would give. Throws RangeError for none. */
export function measureAgreement(
  arm: string,
  genotypes: readonly Genotype[],
  space: Pick<SearchSpace, "kind" | "layers" | "nodes" | "widthFactors" | "primitives">,
): Agreement {
  const pairs = genotypes.flatMap((first, index) =>
    genotypes.slice(index + 1).map((second) => [first, second] as const),
  );
  const candidates = createCellsSpace(space);
  const random = createRandom(0, "agreement by chance");
  const chance = Array.from(
    { length: RANDOM_PAIRS },
    () => [candidates.sample(random), candidates.sample(random)] as const,
  );
  return {
    arm,
    architectures: genotypes.length,
    edges: countEdges(genotypes),
    widths: countWidths(genotypes),
    meanSharedEdges: pairs.length === 0 ? null : meanOf(pairs.map(shareEdges)),
    meanSharedWidths: pairs.length === 0 ? null : meanOf(pairs.map(shareWidths)),
    chanceEdges: meanOf(chance.map(shareEdges)),
    chanceWidths: meanOf(chance.map(shareWidths)),
  };
}

/** How many of an architecture's edges and widths the other seeds have too, on average: how certain it is. */
export function certaintyOf(genotype: Genotype, { edges, widths }: Agreement): number {
  const shares = [
    ...listEdges(genotype).map((edge) => edges.find((each) => toKey(each) === toKey(edge))?.share ?? 0), // found nowhere
    ...listWidths(genotype).map(
      ({ layer, factor }) => widths.find((each) => each.layer === layer && each.factor === factor)?.share ?? 0,
    ),
  ];
  return meanOf(shares);
}

type Edge = Omit<EdgeAgreement, "share">;

function listEdges({ cells }: Genotype): readonly Edge[] {
  return cells.flatMap(({ nodes }, layer) =>
    nodes.flatMap((edges, node) => edges.map(({ from, primitive }) => ({ layer, node, from, primitive }))),
  );
}

function listWidths({ widthPath, widthFactors }: Genotype): readonly Omit<WidthAgreement, "share">[] {
  return widthPath.map((level, layer) => ({ layer, factor: at(widthFactors, level, "width factors") }));
}

function toKey({ layer, node, from, primitive }: Edge): string {
  return `${layer} ${node} ${from} ${primitive}`;
}

function countEdges(genotypes: readonly Genotype[]): readonly EdgeAgreement[] {
  return countShares(genotypes.map(listEdges), toKey).toSorted(
    (a, b) => a.layer - b.layer || a.node - b.node || b.share - a.share || a.from.localeCompare(b.from),
  );
}

function countWidths(genotypes: readonly Genotype[]): readonly WidthAgreement[] {
  return countShares(genotypes.map(listWidths), ({ layer, factor }) => `${layer} ${factor}`).toSorted(
    (a, b) => a.layer - b.layer || b.share - a.share || a.factor - b.factor,
  );
}

function countShares<T extends object>(
  lists: readonly (readonly T[])[],
  keyOf: (entry: T) => string,
): (T & { readonly share: number })[] {
  const found = new Map<string, { readonly entry: T; count: number }>();
  for (const entry of lists.flat()) {
    const known = found.get(keyOf(entry));
    if (known === undefined) found.set(keyOf(entry), { entry, count: 1 });
    else known.count += 1;
  }
  return [...found.values()].map(({ entry, count }) => ({ ...entry, share: count / lists.length }));
}

function shareEdges([first, second]: readonly [Genotype, Genotype]): number {
  const own = new Set(listEdges(first).map(toKey));
  const others = listEdges(second);
  return others.filter((edge) => own.has(toKey(edge))).length / others.length;
}

function shareWidths([first, second]: readonly [Genotype, Genotype]): number {
  const own = listWidths(first);
  const others = listWidths(second);
  return others.filter(({ factor }, layer) => own[layer]?.factor === factor).length / others.length;
}
