import { at } from "#shared/at.ts";
import type { StateName } from "./cellGraph.ts";
import type { Genotype, GenotypeEdge } from "./genotype.ts";

/** A place where genotypes differ, with what each has there; null where one is too small to have it. */
export type GenotypeDifference =
  | { readonly kind: "width"; readonly layer: number; readonly factors: readonly (number | null)[] }
  | {
      readonly kind: "node";
      readonly layer: number;
      readonly node: StateName;
      readonly edges: readonly (readonly GenotypeEdge[] | null)[];
    };

/** Lists where genotypes differ, layer by layer: the width, then the kept edges node by node. The order of a node's edges does not count. */
export function diffGenotypes(genotypes: readonly Genotype[]): readonly GenotypeDifference[] {
  const layers = Math.max(0, ...genotypes.map(({ cells }) => cells.length));
  return Array.from({ length: layers }, (_, layer) => [
    ...diffWidth(genotypes, layer),
    ...diffNodes(genotypes, layer),
  ]).flat();
}

function diffWidth(genotypes: readonly Genotype[], layer: number): readonly GenotypeDifference[] {
  const factors = genotypes.map(({ widthPath, widthFactors }) => {
    const level = widthPath[layer];
    return level === undefined ? null : at(widthFactors, level, "width factors");
  });
  return new Set(factors).size > 1 ? [{ kind: "width", layer, factors }] : [];
}

function diffNodes(genotypes: readonly Genotype[], layer: number): readonly GenotypeDifference[] {
  // A genotype with fewer layers has no nodes here, one with fewer nodes null in their place.
  const cells = genotypes.map(({ cells: all }) => all[layer]?.nodes ?? []);
  const nodes = Math.max(0, ...cells.map((cell) => cell.length));
  return Array.from({ length: nodes }, (_, index): GenotypeDifference => {
    const edges = cells.map((cell) => cell[index] ?? null);
    return { kind: "node", layer, node: `node_${index}`, edges };
  }).filter(hasDifferentEdges);
}

function hasDifferentEdges(difference: GenotypeDifference): boolean {
  if (difference.kind !== "node") return false;
  const texts = difference.edges.map((edges) =>
    edges === null
      ? ""
      : edges
          .map(({ from, primitive }) => `${from} ${primitive}`)
          .toSorted()
          .join(", "),
  );
  return new Set(texts).size > 1;
}
