import type { EvaluationSummary } from "#shared/api/evaluations.ts";
import {
  type FigureAtLevel,
  findPublished,
  findPublishedAt,
  type PublishedFigure,
} from "#shared/runs/publishedFigures.ts";
import { sigmaOf } from "#shared/runs/evaluation.ts";

/** One line of the table of published figures: another method, or the network that was measured here. */
export interface PublishedRow {
  readonly id: string;
  readonly method: string | null;
  readonly psnrDb: number | null;
  readonly ssim: number | null;
  readonly figure: FigureAtLevel | null;
}

/** What is known of other methods on the test set of an evaluation. */
export type PublishedComparison =
  | {
      readonly kind: "known";
      readonly sigma255: number;
      readonly channels: PublishedFigure["channels"];
      /** What makes differences mean nothing: the others were measured in other channels, or in another way. */
      readonly incomparable: "channels" | "protocol" | null;
      readonly rows: readonly PublishedRow[];
      /** The levels that are reported, where this one is not. */
      readonly otherSigmas: readonly number[];
    }
  | { readonly kind: "unknown_set" }
  | { readonly kind: "no_single_level"; readonly sigmas: readonly number[] };

type Measured = Pick<EvaluationSummary, "dataset" | "recipe" | "mean">;

/**
 * Puts an evaluation's own figures, rounded to 8 bits as the others' are, among the published ones, best first; before them
 * where they cannot be compared. Every method that is known on the set has its line, unknown figures come last.
 */
export function comparePublished({ dataset, recipe, mean }: Measured): PublishedComparison {
  const ofSet = findPublished(dataset);
  const [first] = ofSet;
  // A part of a set is not what others measured.
  if (first === undefined || recipe.part !== undefined) return { kind: "unknown_set" };
  const { channels } = first;
  const sigmas = [...new Set(ofSet.map((figure) => figure.sigma255))].sort((a, b) => a - b);
  const sigma255 = sigmaOf(recipe.noise);
  if (sigma255 === null) return { kind: "no_single_level", sigmas };
  const incomparable = channels !== recipe.channels ? "channels" : recipe.protocol === undefined ? null : "protocol";
  const atLevel = findPublishedAt(dataset, sigma255);
  const theirs = [...new Set(ofSet.map(({ method }) => method))].map((method): PublishedRow => {
    const figure = atLevel.find((each) => each.method === method) ?? null;
    return { id: method, method, psnrDb: figure?.psnrDb ?? null, ssim: figure?.ssim ?? null, figure };
  });
  const { psnr8BitDb, ssim8Bit } = mean.denoised;
  const ours: PublishedRow = { id: "ours", method: null, psnrDb: psnr8BitDb, ssim: ssim8Bit, figure: null };
  const rows = incomparable === null ? bestFirst([...theirs, ours]) : [ours, ...bestFirst(theirs)];
  const otherSigmas = sigmas.includes(sigma255) ? [] : sigmas;
  return { kind: "known", sigma255, channels, incomparable, rows, otherSigmas };
}

function bestFirst(rows: readonly PublishedRow[]): PublishedRow[] {
  return [...rows].sort((a, b) => (b.psnrDb ?? -Infinity) - (a.psnrDb ?? -Infinity));
}
