import type { EvaluationSummary } from "#shared/api/evaluations.ts";
import { findPublished, PUBLISHED_FIGURES, type PublishedFigure } from "#shared/runs/publishedFigures.ts";

/** One line of the table of published figures: another method, or the network that was measured here. */
export interface PublishedRow {
  readonly id: string;
  readonly method: string | null;
  readonly psnrDb: number | null;
  readonly ssim: number | null;
  readonly figure: PublishedFigure | null;
}

/** What is known of other methods on the test set of an evaluation. */
export type PublishedComparison =
  | { readonly kind: "known"; readonly sigma255: number; readonly rows: readonly PublishedRow[] }
  | { readonly kind: "unknown_set" }
  | { readonly kind: "colour_only" }
  | { readonly kind: "unknown_noise"; readonly sigmas: readonly number[] };

type Measured = Pick<EvaluationSummary, "dataset" | "recipe" | "mean">;

/** Puts an evaluation's own figures, rounded to 8 bits as the others' are, among the published ones, best first; unknown ones come last. */
export function comparePublished({ dataset, recipe, mean }: Measured): PublishedComparison {
  const ofSet = listOfSet(dataset);
  if (ofSet.length === 0) return { kind: "unknown_set" };
  const grey = ofSet.filter(({ channels }) => channels === recipe.channels);
  if (grey.length === 0) return { kind: "colour_only" };
  const sigma255 = sigmaOf(recipe.noise);
  const found = grey.filter((figure) => figure.sigma255 === sigma255);
  if (sigma255 === null || found.length === 0) {
    return { kind: "unknown_noise", sigmas: [...new Set(grey.map((figure) => figure.sigma255))] };
  }
  const { psnr8BitDb, ssim8Bit } = mean.denoised;
  const ours: PublishedRow = { id: "ours", method: null, psnrDb: psnr8BitDb, ssim: ssim8Bit, figure: null };
  const theirs = found.map((figure): PublishedRow => {
    const { method, psnrDb, ssim } = figure;
    return { id: method, method, psnrDb, ssim, figure };
  });
  const rows = [...theirs, ours].sort((a, b) => (b.psnrDb ?? -Infinity) - (a.psnrDb ?? -Infinity));
  return { kind: "known", sigma255, rows };
}

function listOfSet(dataset: string): readonly PublishedFigure[] {
  const sigmas = [...new Set(PUBLISHED_FIGURES.map(({ sigma255 }) => sigma255))];
  return sigmas.flatMap((sigma255) => findPublished(dataset, sigma255));
}

/** Null for any noise but one fixed level. */
function sigmaOf(noise: string): number | null {
  const level = /^gaussian-(\d+(?:\.\d+)?)$/.exec(noise)?.[1];
  return level === undefined ? null : Number(level);
}
