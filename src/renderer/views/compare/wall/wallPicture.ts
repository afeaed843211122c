import type { EvaluationSummary } from "#shared/api/evaluations.ts";
import type { PictureWish } from "#shared/api/pictures.ts";
import { toTestKey } from "#renderer/views/compare/figureRows.ts";

/** How a still picture is asked for. */
type WallWish = Exclude<PictureWish, { readonly kind: "animation" }>;

/** A picture that every network denoised from the very same pixels; maps go by training run. */
export type WallPicture =
  | { readonly kind: "evaluation"; readonly name: string; readonly evaluations: ReadonlyMap<string, string> }
  | {
      readonly kind: "denoise";
      readonly name: string;
      readonly task: string;
      readonly items: ReadonlyMap<string, number>;
    };

/** What is wanted of a picture: a side that is the same for all networks, or what one of them made of it. */
export type WallView =
  { readonly side: "clean" | "noisy" } | { readonly runId: string; readonly errorGain: number | null };

/** A test that all networks went through with their pictures kept. */
export interface SharedTest {
  readonly key: string;
  readonly dataset: string;
  readonly recipe: EvaluationSummary["recipe"];
  /** The newest evaluation of each network, by its training run. */
  readonly evaluations: ReadonlyMap<string, string>;
}

/** Lists the tests that all networks have in common; `all` is newest first. */
export function listSharedTests(runIds: readonly string[], all: readonly EvaluationSummary[]): readonly SharedTest[] {
  const kept = all.filter(({ hasPictures, runId }) => hasPictures && runIds.includes(runId));
  return [...Map.groupBy(kept, toTestKey)].flatMap(([key, group]): SharedTest[] => {
    const evaluations = new Map(group.toReversed().map(({ runId, id }) => [runId, id]));
    const [first] = group;
    if (first === undefined || runIds.some((runId) => !evaluations.has(runId))) return [];
    return [{ key, dataset: first.dataset, recipe: first.recipe, evaluations }];
  });
}

/** Names the picture that a pane shows; null where the network has none. */
export function toWish(picture: WallPicture, view: WallView): WallWish | null {
  return picture.kind === "evaluation" ? toEvaluationWish(picture, view) : toDenoiseWish(picture, view);
}

function toEvaluationWish(
  { name: image, evaluations }: Extract<WallPicture, { kind: "evaluation" }>,
  view: WallView,
): WallWish | null {
  const evaluation = "side" in view ? [...evaluations.values()][0] : evaluations.get(view.runId);
  if (evaluation === undefined) return null;
  const common = { kind: "evaluation", evaluation, image } as const;
  if ("side" in view) return { ...common, view: view.side };
  return view.errorGain === null ? { ...common, view: "denoised" } : { ...common, view: "error", gain: view.errorGain };
}

function toDenoiseWish({ task, items }: Extract<WallPicture, { kind: "denoise" }>, view: WallView): WallWish | null {
  const item = "side" in view ? [...items.values()][0] : items.get(view.runId);
  if (item === undefined) return null;
  const common = { kind: "denoise", task, item } as const;
  if ("side" in view) return { ...common, view: view.side === "noisy" ? "input" : "clean" };
  return view.errorGain === null ? { ...common, view: "output" } : { ...common, view: "error", gain: view.errorGain };
}
