import { at } from "#shared/at.ts";
import type { Random } from "#shared/random/random.ts";
import { incomingEdgeCount, stateIndex, stateName, type StateName } from "#shared/space/cells/cellGraph.ts";
import { type Genotype, type GenotypeCell, type GenotypeEdge, parseGenotype } from "#shared/space/cells/genotype.ts";
import type { Primitive } from "#shared/space/cells/primitives.ts";
import { outerSpaceOf } from "#shared/space/spaces/outerSpaces.ts";
import type { SearchSpace } from "#shared/space/spaces/searchSpace.ts";

import type { CandidateSpace } from "./candidateSpace.ts";
import { createProductSpace } from "./productSpace.ts";
import { listLevelPaths } from "./levelPaths.ts";

type CellSpace = Pick<SearchSpace, "kind" | "layers" | "nodes" | "widthFactors" | "primitives">;

/** Choices of a node: which two states it reads, and the primitives on the first and second of them. */
const CHOICES_PER_NODE = 3;

/**
 * Makes the space of all genotypes of HiNAS cells that a search could derive: for each node two states before it and a
 * primitive on each, and a width level for each layer. The two edges of a node stand in the order of their states, so that each
 * network comes once. Encoded as the ways through each cell (path encoding) and the width levels.
 */
export function createCellsSpace(space: CellSpace): CandidateSpace<Genotype> {
  const { layers, nodes, widthFactors } = space;
  const primitives: readonly Primitive[] = space.primitives.filter((primitive) => primitive !== "none");
  const pairs = Array.from({ length: nodes }, (_, node) => listPairs(incomingEdgeCount(node)));
  const paths = listLevelPaths(space);
  const nodeCounts = pairs.flatMap(({ length }) => [length, primitives.length, primitives.length]);
  const counts = Array.from({ length: layers }, () => [...nodeCounts, widthFactors.length]).flat();
  const perLayer = nodeCounts.length + 1;
  const levelsOf = (choices: readonly number[]): number[] =>
    choices.filter((_, index) => index % perLayer === perLayer - 1);
  const buildNode = (choices: readonly number[], node: number): GenotypeEdge[] => {
    const choice = (index: number): number => at(choices, CHOICES_PER_NODE * node + index, "choices");
    const states = at(at(pairs, node, "pairs"), choice(0), "pairs of states");
    return states.map((from, edge) => ({ from, primitive: at(primitives, choice(1 + edge), "primitives") }));
  };
  const build = (choices: readonly number[]): Genotype | null => {
    const widthPath = levelsOf(choices);
    if (!paths.has(widthPath)) return null;
    const cells = widthPath.map((_, layer): GenotypeCell => {
      const own = choices.slice(layer * perLayer, (layer + 1) * perLayer);
      return { nodes: Array.from({ length: nodes }, (__, node) => buildNode(own, node)) };
    });
    return { schema: outerSpaceOf(space).schema, version: 1, widthFactors, cells, widthPath };
  };
  const read = ({ cells, widthPath }: Genotype): number[] =>
    cells.flatMap((cell, layer) => [
      ...cell.nodes.flatMap((edges, node) => {
        const sorted = edges.toSorted((a, b) => stateIndex(a.from) - stateIndex(b.from));
        const pair = sorted.map(({ from }) => from).join();
        const which = at(pairs, node, "pairs").findIndex((states) => states.join() === pair);
        return [which, ...sorted.map(({ primitive }) => primitives.indexOf(primitive))];
      }),
      at(widthPath, layer, "width path"),
    ]);
  const sampleChoices = (random: Random): number[] => {
    const path = paths.sample(random);
    return path.flatMap((level) => [...nodeCounts.map((count) => random.integer(count)), level]);
  };
  const perCell = nodeCounts.reduce((product, count) => product * count, 1);
  const size = perCell ** layers * paths.count;
  const parse = (value: unknown, source: string): Genotype => parseGenotype(value, source);
  return createProductSpace({ decisions: { counts, build, read }, size, sampleChoices, encode: encodeGenotype, parse });
}

/** All pairs of so many states, by name. */
function listPairs(states: number): (readonly [StateName, StateName])[] {
  return Array.from({ length: states }, (_, second) =>
    Array.from({ length: second }, (__, first) => [stateName(first), stateName(second)] as const),
  ).flat();
}

/** Names the ways from each input of each cell to a node, and the layers' width levels. */
function encodeGenotype({ cells, widthPath }: Genotype): string[] {
  return cells.flatMap(({ nodes }, layer) => {
    const ways = new Map<StateName, readonly string[]>([
      ["s1", ["s1"]],
      ["s0", ["s0"]],
    ]);
    for (const [node, edges] of nodes.entries()) {
      const into = edges.flatMap(({ from, primitive }) => (ways.get(from) ?? []).map((way) => `${way} ${primitive}`));
      ways.set(`node_${node}`, into);
    }
    const found = new Set([...ways.values()].flat().map((way) => `${layer} ${way}`));
    return [...found, `${layer} level ${at(widthPath, layer, "width path")}`];
  });
}
