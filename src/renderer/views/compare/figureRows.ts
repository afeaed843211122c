import type { EvaluationSummary } from "#shared/api/evaluations.ts";
import { sigmaOf } from "#shared/runs/evaluation.ts";
import { formatCount, formatInteger, formatPsnr, formatSsim } from "#renderer/format/numbers.ts";
import { formatChannels, formatTest } from "#renderer/format/recipes.ts";
import { texts } from "#renderer/texts/texts.ts";

import { type CompareItem, FEWEST_ITEMS } from "./comparison.ts";

/** Whether more of a figure is better, worse or neither. */
type Better = "more" | "less" | "neither";

/** A figure of each thing that is compared; null where it was not measured. */
export interface FigureRow {
  readonly id: string;
  readonly label: string;
  /** How it was measured, where that must be known; empty where not. */
  readonly note: string;
  readonly values: readonly (number | null)[];
  /** Standard deviations over the seeds of the noise; null where there was one seed. */
  readonly spreads: readonly (number | null)[];
  readonly better: Better;
  readonly format: (value: number) => string;
}

const words = texts.compare;
const CHANNELS = [1, 3] as const;

/** Lists what things cost, then what was measured of them; `evaluations` are newest first and of any network. */
export function buildFigureRows(
  items: readonly CompareItem[],
  evaluations: readonly EvaluationSummary[],
): readonly FigureRow[] {
  const row = (id: string, label: string, better: Better, format: FigureRow["format"]) => ({
    of: (pick: (item: CompareItem) => number | null | undefined): FigureRow => ({
      id,
      label,
      note: "",
      values: items.map((item) => pick(item) ?? null),
      spreads: items.map(() => null),
      better,
      format,
    }),
  });
  const isMixed = new Set(items.flatMap(({ model }) => model?.imageChannels ?? [])).size > 1;
  const newest = (item: CompareItem) => evaluations.find(({ runId }) => runId === item.model?.id);
  const rows = [
    row("parameters", words.parameters, "less", formatCount).of(({ parameters }) => parameters),
    row("multiplyAdds", words.multiplyAdds, "less", formatCount).of((item) => item.multiplyAddsPerPixel),
    row("receptiveField", words.receptiveField, "neither", (px) => `${px} px`).of((item) => item.receptiveFieldPx),
    row("filters", words.filters, "neither", formatInteger).of(({ filters }) => filters),
    ...CHANNELS.flatMap((channels) => {
      const bestOf = ({ model }: CompareItem) => (model?.imageChannels === channels ? model.best : null);
      const labelOf = (label: string) => (isMixed ? words.inChannels(label, formatChannels(channels)) : label);
      return [
        row(`validation ${channels}`, labelOf(words.validation), "more", formatPsnr).of((item) => bestOf(item)?.psnrDb),
        row(`validationSsim ${channels}`, labelOf(words.validationSsim), "more", formatSsim).of(
          (item) => bestOf(item)?.ssim,
        ),
      ];
    }),
    ...buildMeasuredRows(items, evaluations),
    row("speed", words.speed, "more", toSpeed).of((item) => newest(item)?.megapixelsPerSecond),
  ];
  return rows.filter(({ values }) => values.some((value) => value !== null));
}

/** Three lines for each test set and recipe by which at least one of them was measured. */
function buildMeasuredRows(
  items: readonly CompareItem[],
  evaluations: readonly EvaluationSummary[],
): readonly FigureRow[] {
  const ours = evaluations.filter(({ runId }) => items.some(({ model }) => model?.id === runId));
  const groups = new Map(ours.map((each) => [toTestKey(each), each]));
  return [...groups.values()].toSorted(compareTests).flatMap((test): FigureRow[] => {
    const found = items.map(({ model }) =>
      ours.find((each) => each.runId === model?.id && toTestKey(each) === toTestKey(test)),
    );
    const common = { note: test.recipe.name, better: "more" } as const;
    const { dataset, recipe } = test;
    return [
      {
        ...common,
        id: `psnr ${toTestKey(test)}`,
        label: words.psnrOn(dataset, formatTest(recipe)),
        values: found.map((each) => each?.mean.denoised.psnrDb ?? null),
        spreads: found.map((each) => each?.spread?.denoised.psnrDb ?? null),
        format: formatPsnr,
      },
      {
        ...common,
        id: `ssim ${toTestKey(test)}`,
        label: words.ssimOn(dataset, formatTest(recipe)),
        values: found.map((each) => each?.mean.denoised.ssim ?? null),
        spreads: found.map((each) => each?.spread?.denoised.ssim ?? null),
        format: formatSsim,
      },
      {
        ...common,
        id: `haarPsi ${toTestKey(test)}`,
        label: words.haarPsiOn(dataset, formatTest(recipe)),
        values: found.map((each) => each?.mean.denoised.haarPsi ?? null),
        spreads: found.map((each) => each?.spread?.denoised.haarPsi ?? null),
        format: formatSsim,
      },
    ];
  });
}

/** Orders tests by their photos, then by how strong the noise is; noise that has no one sigma comes last. */
function compareTests(a: EvaluationSummary, b: EvaluationSummary): number {
  const setOf = ({ dataset, recipe }: EvaluationSummary): string => `${dataset} ${recipe.channels}`;
  const levelOf = ({ recipe }: EvaluationSummary): number => sigmaOf(recipe.noise) ?? Number.MAX_VALUE;
  return (
    setOf(a).localeCompare(setOf(b), "en", { numeric: true }) ||
    levelOf(a) - levelOf(b) ||
    a.recipe.name.localeCompare(b.recipe.name, "en", { numeric: true })
  );
}

/** Tells the figures that can be compared from those that fewer than two have. */
export function splitByReach(rows: readonly FigureRow[]): {
  readonly common: readonly FigureRow[];
  readonly lonely: readonly FigureRow[];
} {
  const isCommon = ({ values }: FigureRow): boolean =>
    values.length < FEWEST_ITEMS || values.filter((value) => value !== null).length >= FEWEST_ITEMS;
  return { common: rows.filter(isCommon), lonely: rows.filter((row) => !isCommon(row)) };
}

/** Figures are compared only where test set, number of photos, channels and recipe are the same. */
export function toTestKey({ dataset, photos, recipe }: EvaluationSummary): string {
  return `${dataset} ${photos} ${recipe.channels} ${recipe.name}`;
}

function toSpeed(value: number): string {
  return texts.train.evaluations.speedUnit(value.toFixed(2));
}

export interface Delta {
  readonly text: string;
  readonly tone: "good" | "bad" | "even";
}

/** Returns how a figure differs from the baseline's, in words and whether that is good; null where there is nothing to say. */
export function toDelta({ values, better, format }: FigureRow, index: number, baseline: number): Delta | null {
  const [value, reference] = [values[index], values[baseline]];
  if (index === baseline || value == null || reference == null) return null;
  const more = value - reference;
  const size = format(Math.abs(more));
  // What is not seen in the figure is no difference.
  if (more === 0 || size === format(0)) return { text: "±0", tone: "even" };
  const text = `${more > 0 ? "+" : "−"}${size}`;
  if (better === "neither") return { text, tone: "even" };
  return { text, tone: more > 0 === (better === "more") ? "good" : "bad" };
}

/** Writes how far a figure scatters over the seeds of the noise, ` ± 0.021`; empty where there was one seed. */
export function formatDeviation({ spreads }: Pick<FigureRow, "spreads">, index: number): string {
  const spread = spreads[index] ?? null;
  return spread === null ? "" : ` ± ${toDigits(spread)}`;
}

/** Two digits that count, for more nobody can know of a few seeds. */
function toDigits(spread: number): string {
  return spread === 0 ? "0" : spread.toFixed(Math.max(0, 1 - Math.floor(Math.log10(spread))));
}
