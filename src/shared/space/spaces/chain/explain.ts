import { type ChainGenotype, widthFactorOf } from "./genotype.ts";

/** Says in one line per layer what a chain decided. */
export function explain(genotype: ChainGenotype): string[] {
  return genotype.layers.map((layer, index) => {
    const { primitive, dilation, skipFrom } = layer;
    const from = index === 0 ? "the stem" : `layer ${index - 1}`;
    const apart = dilation === 1 ? "" : `, dilation ${dilation}`;
    const added = skipFrom === null ? "" : `, plus ${skipFrom === "stem" ? "the stem" : skipFrom.replace("_", " ")}`;
    return `layer ${index}: ${primitive} on ${from}, width ×${widthFactorOf(genotype, layer)}${apart}${added}`;
  });
}
