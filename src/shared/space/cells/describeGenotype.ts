import { at } from "#shared/at.ts";

import type { Genotype, GenotypeEdge } from "./genotype.ts";

/** Says in one line per layer what a genotype of cells holds: its width, its stride where that differs, and what each node sums. */
export function describeGenotype({ schema, cells, widthFactors, widthPath }: Genotype): string[] {
  return cells.map(({ nodes }, layer) => {
    const level = at(widthPath, layer, "width path");
    const factor = at(widthFactors, level, "width factors");
    const stride = schema === "hinas.resolutions" ? `stride ${2 ** level}, ` : "";
    const sums = nodes.map((edges, node) => `node_${node} = ${edges.map(toTerm).join(" + ")}`);
    return `layer ${layer}: ${stride}width ×${factor}, ${sums.join(", ")}`;
  });
}

function toTerm({ from, primitive }: GenotypeEdge): string {
  return `${primitive}(${from})`;
}
