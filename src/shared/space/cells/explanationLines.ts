import { at } from "#shared/at.ts";
import { isWithinNoise } from "./certainty.ts";
import type { RankedEdge } from "./edgeRanking.ts";
import type { Explanation, LayerExplanation, NodeExplanation } from "./explain.ts";
import { PRIMITIVES } from "./primitives.ts";
import { placeText } from "#shared/space/spaces/scales/places.ts";
import type { TrellisCell } from "#shared/space/spaces/widths/viterbi.ts";

const PRIMITIVE_COLUMN = Math.max(...PRIMITIVES.map((name) => name.length));
const STATE_COLUMN = "node_00".length;

/**
 * Writes an explanation as lines of text for people, indented by layer, node and edge: what was kept and dropped, by
 * what margin, and what each width level reached.
 */
export function explanationLines(explanation: Explanation): string[] {
  const { kind, layers, widthFactors, widthPath, product, gain, isPathUndecided } = explanation;
  const widthText = (level: number): string => `x${widthFactors[level] ?? "?"}`;
  const words = kind === "scales" ? scalesWords(layers.length) : widthsWords(widthText);
  return [
    ...noiseLines(layers),
    `${words.head} ${widthPath.map(widthText).join(words.then)} with product ${digits(product)}, ${gain.toFixed(2)} times the untrained${undecided(isPathUndecided)}`,
    ...layers.flatMap((layer) => layerLines(layer, words, widthText)),
  ];
}

/** Warns of kept edges that no network can use: the primitive is there to test a search by. */
function noiseLines(layers: readonly LayerExplanation[]): string[] {
  const kept = layers.flatMap(({ nodes }) => nodes.flatMap((node) => node.candidates.slice(0, node.kept)));
  const noisy = kept.filter(({ best }) => best.primitive === "noise").length;
  return noisy === 0
    ? []
    : [
        `warning: ${noisy} of the ${kept.length} kept edges are noise; a network leaves them out, so this search failed its test`,
      ];
}

/** How an outer space is put into words. */
interface OuterWords {
  readonly head: string;
  /** Stands between the width levels. */
  readonly then: string;
  readonly layer: (layer: number) => string;
  readonly reason: (level: TrellisCell) => string;
}

function widthsWords(widthText: (level: number) => string): OuterWords {
  return {
    head: "width path",
    then: " -> ",
    layer: (layer) => `layer ${layer}`,
    reason: ({ product, from, moveWeight }) =>
      `best product ${digits(product)}, from ${widthText(from)} by a move of ${digits(moveWeight)}`,
  };
}

function scalesWords(layers: number): OuterWords {
  return {
    head: "width levels",
    then: ", ",
    layer: (layer) => `place ${layer} (${placeText(layer, layers)})`,
    reason: ({ moveWeight }) => `weighs ${digits(moveWeight)}`,
  };
}

function layerLines(layer: LayerExplanation, words: OuterWords, widthText: (level: number) => string): string[] {
  const levelLine = (cell: TrellisCell): string =>
    `  ${cell.level === layer.chosenLevel ? "takes " : "leaves"} width ${widthText(cell.level)}: ${words.reason(cell)}`;
  return [words.layer(layer.layer), ...layer.levels.map(levelLine), ...layer.nodes.flatMap(nodeLines)];
}

function nodeLines({ node, candidates, kept, margin, isUndecided }: NodeExplanation): string[] {
  const weakestKept = at(candidates, kept - 1, "explain: kept edges").best.weight;
  const header = margin === null ? "keeps both of its edges" : `keeps ${kept} of ${candidates.length} edges`;
  return [
    `  ${node} ${header}${margin === null ? "" : `, margin ${digits(margin)}${undecided(isUndecided)}`}`,
    ...candidates.slice(0, kept).map((edge) => `    keeps ${edgeText(edge)}${rivalText(edge)}`),
    ...candidates
      .slice(kept)
      .map((edge) => `    drops ${edgeText(edge)}, ${digits(weakestKept - edge.best.weight)} below the last kept edge`),
  ];
}

function edgeText({ from, best }: RankedEdge): string {
  return `${from.padEnd(STATE_COLUMN)} ${best.primitive.padEnd(PRIMITIVE_COLUMN)} ${digits(best.weight)}`;
}

function rivalText({ best, runnerUp, noneWeight }: RankedEdge): string {
  const rival =
    runnerUp === null
      ? ""
      : `, ahead of ${runnerUp.primitive} by ${digits(best.weight - runnerUp.weight)}${undecided(isWithinNoise(best.weight, runnerUp.weight))}`;
  return `${rival}${noneWeight === null ? "" : `; none weighs ${digits(noneWeight)}`}`;
}

/** Marks what chance alone may have brought about. */
function undecided(isSo: boolean): string {
  return isSo ? " (undecided)" : "";
}

/** Four decimals show what a short search moves; smaller numbers (products of many layers) keep three significant digits. */
function digits(value: number): string {
  return value === 0 || value >= 0.001 ? value.toFixed(4) : value.toExponential(2);
}
