import { type Baseline, BASELINE_METHODS, type BaselineMethod, type Recipe, sigmaOf } from "./evaluation.ts";
import { findPublishedAt } from "./publishedFigures.ts";

/** What is known of a classical method on the test of an evaluation, measured here or else published. */
export type BaselineFigure = {
  readonly method: BaselineMethod;
  /** As papers name it, e.g. `CBM3D`. */
  readonly name: string;
  readonly psnrDb: number;
  readonly ssim: number | null;
  readonly haarPsi: number | null;
  /** Standard deviation over noise seeds; null for one seed and for what others published. */
  readonly psnrSpreadDb: number | null;
} & (
  | { readonly origin: "measured"; readonly tool: string | null; readonly sigma: Baseline["sigma"] }
  | { readonly origin: "published"; readonly interpolatedBetween: readonly [number, number] | null }
);

interface Tested {
  readonly dataset: string;
  readonly recipe: Recipe;
  readonly baselines?: readonly Baseline[] | undefined;
}

/**
 * Lists the classical methods beside an evaluation: as they were measured on the same noisy pixels, or where they were not, as
 * others published them for this set, channels and level. Published figures never stand beside fresh noise in every tile, nor
 * beside those of a part of a set.
 */
export function listBaselineFigures(test: Tested): readonly BaselineFigure[] {
  return BASELINE_METHODS.flatMap((method) => {
    const name = nameBaseline(method, test.recipe.channels);
    const figure = findMeasured(test, method) ?? findInLiterature(test, name);
    return figure === null ? [] : [{ method, name, ...figure }];
  });
}

/** Names a classical method as papers do, e.g. `BM3D` or, in colour, `CBM3D`. */
export function nameBaseline(method: BaselineMethod, channels: Recipe["channels"]): string {
  if (method === "non_local_means") return "Non-local means";
  return channels === "grey" ? "BM3D" : "CBM3D";
}

function findMeasured({ baselines = [] }: Tested, method: BaselineMethod) {
  const found = baselines.find((each) => each.method === method);
  if (found === undefined || found.mean === null) return null;
  const { mean, spread, tool, sigma } = found;
  const { psnrDb, ssim, haarPsi = null } = mean;
  return { psnrDb, ssim, haarPsi, psnrSpreadDb: spread?.psnrDb ?? null, origin: "measured", tool, sigma } as const;
}

function findInLiterature({ dataset, recipe }: Tested, name: string) {
  const sigma255 = sigmaOf(recipe.noise);
  if (sigma255 === null || recipe.protocol !== undefined || recipe.part !== undefined) return null;
  const figures = findPublishedAt(dataset, sigma255);
  const found = figures.find(({ method, channels }) => method === name && channels === recipe.channels);
  if (found === undefined || found.psnrDb === null) return null;
  const { psnrDb, ssim, interpolatedBetween } = found;
  return { psnrDb, ssim, haarPsi: null, psnrSpreadDb: null, origin: "published", interpolatedBetween } as const;
}
