import { listBaselineFigures, nameBaseline } from "./baselineFigures.ts";
import { type Baseline, type Recipe, sigmaOf, type Versions } from "./evaluation.ts";

/** Levels at which the robustness of networks is measured, 0..255 scale: close where photos lie, and the ones others publish. */
export const ROBUSTNESS_SIGMAS = [5, 10, 15, 25, 35, 50, 65, 75] as const;

/** How the noise of camera pairs is named in a recipe. */
const PAIRED = "paired";

/** An evaluation as far as curves over noise need it. */
export interface MeasuredTest {
  /** Whose network it measured. */
  readonly network: string;
  readonly dataset: string;
  /** How many photos the figures are means over. */
  readonly photos: number;
  readonly recipe: Recipe;
  readonly mean: Versions;
  readonly baselines?: readonly Baseline[] | undefined;
}

/** What can be put on one axis of noise: one set's photos, in the same channels and by the same recipe but for the noise. */
export interface RobustnessTest {
  readonly key: string;
  readonly dataset: string;
  readonly channels: Recipe["channels"];
  /** What all its evaluations have in common; its noise is that of any of them. */
  readonly recipe: Recipe;
  /** Levels at which any network was measured, from the lowest. */
  readonly sigmas: readonly number[];
}

/** A figure on real pairs. */
export interface PairFigure {
  readonly dataset: string;
  readonly psnrDb: number;
}

/** A line over noise: a network, or what stands beside all of them. */
export interface RobustnessCurve {
  readonly kind: "network" | "noisy" | "blurred" | "baseline";
  /** The network, or the name of the classical method; the kind for the others. */
  readonly id: string;
  /** Whether a classical method's figures were measured here, are published ones, or are some of both; null for all others. */
  readonly origin: "measured" | "published" | "both" | null;
  /** From the lowest sigma. */
  readonly points: readonly { readonly sigma255: number; readonly psnrDb: number }[];
  /** On the camera pairs that were measured in the same channels. */
  readonly pairs: readonly PairFigure[];
}

/** Lists what curves over noise can be drawn of, the one with most levels first; two levels make a line. */
export function listRobustnessTests(tests: readonly MeasuredTest[]): readonly RobustnessTest[] {
  const groups = groupBy(
    tests.filter(({ recipe }) => sigmaOf(recipe.noise) !== null),
    toKey,
  );
  return [...groups]
    .flatMap(([key, members]): readonly RobustnessTest[] => {
      const [first] = members;
      const sigmas = [...new Set(members.flatMap(({ recipe }) => sigmaOf(recipe.noise) ?? []))]; // none is left without
      if (first === undefined || sigmas.length < 2) return [];
      const { dataset, recipe } = first;
      return [{ key, dataset, channels: recipe.channels, recipe, sigmas: sigmas.toSorted((a, b) => a - b) }];
    })
    .toSorted((a, b) => b.sigmas.length - a.sigmas.length || a.key.localeCompare(b.key, "en"));
}

/**
 * Builds the lines of a test: the networks in the order given, then the noisy photos, the best blur and the classical methods.
 * `tests` are newest first, and the newest figure of each network at each level counts. Networks without a figure have no line.
 */
export function buildRobustness(
  tests: readonly MeasuredTest[],
  test: Pick<RobustnessTest, "key" | "channels">,
  networks: readonly string[],
): readonly RobustnessCurve[] {
  const levels = tests.filter((each) => sigmaOf(each.recipe.noise) !== null && toKey(each) === test.key);
  const pairs = tests.filter(({ recipe }) => recipe.noise === PAIRED && recipe.channels === test.channels);
  const line = (
    kind: "network" | "noisy" | "blurred",
    id: string,
    isOwn: (each: MeasuredTest) => boolean,
  ): RobustnessCurve => {
    const pick = ({ mean }: MeasuredTest) => (kind === "network" ? mean.denoised : mean[kind]).psnrDb;
    return {
      kind,
      id,
      origin: null,
      points: newestByLevel(levels.filter(isOwn)).map((each) => ({ sigma255: each.sigma255, psnrDb: pick(each.test) })),
      pairs: newestBySet(pairs.filter(isOwn)).map((each) => ({ dataset: each.dataset, psnrDb: pick(each) })),
    };
  };
  const isShown = (each: MeasuredTest): boolean => networks.includes(each.network);
  const lines = [
    ...networks.map((id) => line("network", id, (each) => each.network === id)),
    line("noisy", "noisy", isShown),
    line("blurred", "blurred", isShown),
    ...buildBaselines(levels, pairs, test.channels),
  ];
  return lines.filter(({ points, pairs: figures }) => points.length + figures.length > 0);
}

/** What levels are asked for: so many photos of a set, or of the part of it that the network's training kept for a test. */
export interface WantedLevels extends Pick<MeasuredTest, "network" | "dataset" | "photos"> {
  readonly part: "all" | "test";
}

/** Returns the levels that a network was not measured at on so many photos, each run once with the first draw of noise. */
export function listMissingSigmas(
  tests: readonly MeasuredTest[],
  { network, dataset, photos, part }: WantedLevels,
  wanted: readonly number[],
): readonly number[] {
  const known = tests.filter(
    ({ recipe, ...each }) =>
      each.network === network &&
      each.dataset === dataset &&
      each.photos === photos &&
      (part === "test") === (recipe.part !== undefined) &&
      isPlainRecipe(recipe),
  );
  const sigmas = new Set(known.map(({ recipe }) => sigmaOf(recipe.noise)));
  return wanted.filter((sigma) => !sigmas.has(sigma));
}

/** Tells whether whole pictures were measured, once, with the first draw of noise. */
function isPlainRecipe({ protocol, selfEnsemble, noiseSeeds, noiseSeed }: Recipe): boolean {
  const isOnce = selfEnsemble === undefined && noiseSeeds === undefined && noiseSeed === 0;
  return isOnce && protocol === undefined;
}

/** A figure that was measured anywhere on the same noisy pixels is worth more than a published one. */
function buildBaselines(
  levels: readonly MeasuredTest[],
  pairs: readonly MeasuredTest[],
  channels: Recipe["channels"],
): readonly RobustnessCurve[] {
  const name = nameBaseline("bm3d", channels);
  const find = (of: readonly MeasuredTest[]) => {
    const figures = of.flatMap((each) => listBaselineFigures(each).filter(({ method }) => method === "bm3d"));
    return figures.find(({ origin }) => origin === "measured") ?? figures[0] ?? null;
  };
  const found = [...groupBy(levels, ({ recipe }) => sigmaOf(recipe.noise) ?? NaN)] // all have one
    .flatMap(([sigma255, members]) => {
      const figure = find(members);
      return figure === null ? [] : [{ sigma255, psnrDb: figure.psnrDb, origin: figure.origin }];
    })
    .toSorted((a, b) => a.sigma255 - b.sigma255);
  const onPairs = [...groupBy(pairs, ({ dataset }) => dataset)].flatMap(([dataset, members]) => {
    const figure = find(members);
    return figure === null ? [] : [{ dataset, psnrDb: figure.psnrDb }];
  });
  const origins = new Set(found.map(({ origin }) => origin));
  const origin = origins.size > 1 ? "both" : origins.has("published") ? "published" : "measured";
  const points = found.map(({ sigma255, psnrDb }) => ({ sigma255, psnrDb }));
  return [{ kind: "baseline", id: name, origin, points, pairs: onPairs }];
}

function newestByLevel(
  tests: readonly MeasuredTest[],
): readonly { readonly sigma255: number; readonly test: MeasuredTest }[] {
  const newest = new Map<number, MeasuredTest>();
  for (const test of tests) {
    const sigma255 = sigmaOf(test.recipe.noise);
    if (sigma255 !== null && !newest.has(sigma255)) newest.set(sigma255, test);
  }
  return [...newest].map(([sigma255, test]) => ({ sigma255, test })).toSorted((a, b) => a.sigma255 - b.sigma255);
}

function newestBySet(tests: readonly MeasuredTest[]): readonly MeasuredTest[] {
  const newest = new Map<string, MeasuredTest>();
  for (const test of tests) if (!newest.has(test.dataset)) newest.set(test.dataset, test);
  return [...newest.values()];
}

/** A recipe's name without its noise. */
function toKey({ dataset, photos, recipe }: MeasuredTest): string {
  return `${dataset} ${photos} ${recipe.name.replace(`/${recipe.noise}`, "")}`;
}

function groupBy<Key>(
  tests: readonly MeasuredTest[],
  keyOf: (test: MeasuredTest) => Key,
): ReadonlyMap<Key, readonly MeasuredTest[]> {
  const groups = new Map<Key, readonly MeasuredTest[]>();
  for (const test of tests) groups.set(keyOf(test), [...(groups.get(keyOf(test)) ?? []), test]); // the first of its group
  return groups;
}
