import type { ArchLogits } from "./archLogits.ts";
import { checkArchLogits } from "./checkArchLogits.ts";
import { KEPT_EDGES, rankEdges } from "./edgeRanking.ts";
import type { Genotype, GenotypeCell } from "./genotype.ts";
import { OUTER_SPACES } from "#shared/space/spaces/outerSpaces.ts";
import type { SpaceKind } from "#shared/space/spaces/searchSpace.ts";

/**
 * Derives the discrete architecture from the arch variables (DARTS section 2.4, HiNAS section 3): each node keeps the
 * two incoming edges whose strongest primitive besides `none` weighs most, strongest first, with that primitive; the
 * width path has the largest product of move weights, or on a U the strongest width level of each place. `widthFactors` has one entry per width level.
 * Throws LabError `bad_data` where shapes do not fit or a logit is not finite.
 */
export function deriveGenotype(
  logits: ArchLogits,
  widthFactors: readonly number[],
  kind: SpaceKind = "widths",
): Genotype {
  checkArchLogits(logits, widthFactors.length, kind, "derive");
  const { schema, findPath } = OUTER_SPACES[kind];
  return {
    schema,
    version: 1,
    widthFactors: [...widthFactors],
    cells: logits.alpha.map((_, layer) => deriveCell(logits, layer)),
    widthPath: findPath(logits.beta, logits.alpha.length, widthFactors.length).path,
  };
}

function deriveCell(logits: ArchLogits, layer: number): GenotypeCell {
  const nodes = rankEdges(logits, layer).map((edges) =>
    edges.slice(0, KEPT_EDGES).map(({ from, best }) => ({ from, primitive: best.primitive })),
  );
  return { nodes };
}
