import { edgesOf } from "#shared/space/cells/cellGraph.ts";
import type { Genotype } from "#shared/space/cells/genotype.ts";
import type { Primitive } from "#shared/space/cells/primitives.ts";
import type { CostWeights } from "#shared/space/spaces/costTrellis.ts";
import type { SearchSpace } from "#shared/space/spaces/searchSpace.ts";
import { MOVE_STEPS, MOVES, routersOf } from "#shared/space/spaces/widths/widthLevels.ts";

/** Weights of which each row has a 1 where the genotype is: `none` on the edges that it does not keep, and its width path. */
export function pointAt({ schema, cells, widthPath }: Genotype, space: SearchSpace): CostWeights {
  const hot = (length: number, place: number): number[] => Array.from({ length }, (_, i) => (i === place ? 1 : 0));
  const op = cells.map(({ nodes }) =>
    edgesOf(nodes.length).map(({ from, to }) => {
      const kept = nodes[Number(to.slice("node_".length))]?.find((edge) => edge.from === from);
      const primitive: Primitive = kept?.primitive ?? "none";
      return hot(space.primitives.length, space.primitives.indexOf(primitive));
    }),
  );
  if (schema === "hinas.scales") return { op, move: widthPath.map((level) => hot(space.widthFactors.length, level)) };
  const move = routersOf(space).map(({ layer, level }) => {
    const step = (widthPath[layer] ?? 0) - level;
    const column = MOVES.findIndex((name) => MOVE_STEPS[name] === step);
    return hot(MOVES.length, column);
  });
  return { op, move };
}
