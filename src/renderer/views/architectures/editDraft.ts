import type { GenotypeEdit } from "#shared/api/architectures.ts";
import { LabError } from "#shared/labError.ts";
import { networkCost } from "#shared/space/graph/costModel.ts";
import { buildNetworkGraph } from "#shared/space/spaces/spaces.ts";
import { planNetwork } from "#shared/space/spaces/networkPlan.ts";
import { editGenotype } from "#shared/space/cells/editGenotype.ts";
import type { Genotype } from "#shared/space/cells/genotype.ts";

/** What an edit would make of a genotype. */
export type EditOutcome =
  | { readonly kind: "unchanged" }
  | { readonly kind: "impossible"; readonly reason: string }
  | {
      readonly kind: "possible";
      readonly genotype: Genotype;
      readonly change: string;
      /** After minus before, at the same filters. */
      readonly parametersMore: number;
      readonly receptiveFieldMorePx: number;
    };

/** Tries an edit without saving it: by the same rules as the lab, so that the answer is there while one still chooses. */
export function tryEdit(genotype: Genotype, edit: GenotypeEdit, filters: number): EditOutcome {
  if (changesNothing(genotype, edit)) return { kind: "unchanged" };
  try {
    const edited = editGenotype(genotype, edit);
    const costOf = (each: Genotype) => networkCost(buildNetworkGraph(planNetwork(each, { filters })));
    const [before, after] = [costOf(genotype), costOf(edited.genotype)];
    return {
      kind: "possible",
      ...edited,
      parametersMore: after.parameters - before.parameters,
      receptiveFieldMorePx: after.receptiveFieldPx - before.receptiveFieldPx,
    };
  } catch (error) {
    if (!(error instanceof LabError)) throw error;
    return { kind: "impossible", reason: error.message };
  }
}

function changesNothing({ cells, widthPath }: Genotype, edit: GenotypeEdit): boolean {
  if (edit.kind === "width") return widthPath[edit.layer] === edit.level;
  const before = cells[edit.layer]?.nodes[edit.node]?.[edit.edge];
  return before?.from === edit.from && before.primitive === edit.primitive;
}
