import { createRandom } from "#shared/random/createRandom.ts";
import type { Genotype } from "#shared/space/cells/genotype.ts";
import { comparePaired, type PairedComparison } from "#shared/statistics/pairedBootstrap.ts";
import { deviationOf, type MeanBand, meanBandOf, meanOf } from "#shared/statistics/summary.ts";

import { type Agreement, certaintyOf, measureAgreement } from "./agreement.ts";
import type { CurvePoint } from "./runTally.ts";
import type { CellState, StudyPlan } from "./study.ts";
import type { StudyEnd } from "./studyFile.ts";

/** What a cell's runs tell. */
export interface CellFigures {
  readonly key: string;
  readonly arm: string;
  readonly seed: number;
  readonly state: CellState;
  /** PSNR in dB at the end of the chain; null where there is none (yet). */
  readonly psnrDb: number | null;
  readonly genotype: Genotype | null;
  readonly genotypeHash: string | null;
  readonly parameters: number | null;
  readonly multiplyAddsPerPixel: number | null;
  readonly searchHours: number;
  readonly trainingHours: number;
  /** Processor cores of the computer that was at it. */
  readonly cores: number;
  /** The site that did its runs; null for this computer. */
  readonly site: string | null;
  /** Best score so far of the search. */
  readonly curve: readonly CurvePoint[];
}

/** A row of the final table. */
export interface ArmResult {
  readonly arm: string;
  readonly controlOf: string | null;
  /** Cells that came to a figure, and all. */
  readonly seeds: number;
  readonly cells: number;
  /** Null where no cell came to a figure. */
  readonly psnrDb: (MeanBand & { readonly deviation: number }) | null;
  readonly parameters: number | null;
  readonly multiplyAddsPerPixel: number | null;
  readonly searchCoreHours: number;
  readonly trainingCoreHours: number;
  /** Hours of a whole computer, whatever it has. */
  readonly nodeHours: number;
}

/** What a place has worked for a study. */
export interface PlaceCost {
  /** Null for this computer. */
  readonly site: string | null;
  readonly nodeHours: number;
}

/** Two arms on the seeds that both came to a figure with. */
export interface ArmComparison extends PairedComparison {
  readonly first: string;
  readonly second: string;
  readonly seeds: number;
}

/** An arm's best score so far over time; the points lie at the hours of the chart. */
export interface AnytimeCurve {
  readonly arm: string;
  /** Null until all seeds have a score. */
  readonly points: readonly (MeanBand | null)[];
}

/** An architecture, and how far the other seeds of its arm found the same. */
export interface FoundArchitecture {
  readonly key: string;
  readonly arm: string;
  readonly seed: number;
  readonly genotypeHash: string;
  /** Mean share of the arm's seeds that have each of its edges and widths, 0..1. */
  readonly certainty: number;
}

/** What a study has found so far. */
export interface StudyResults {
  readonly measuredBy: StudyEnd;
  readonly arms: readonly ArmResult[];
  readonly comparisons: readonly ArmComparison[];
  readonly hours: readonly number[];
  readonly curves: readonly AnytimeCurve[];
  readonly agreements: readonly Agreement[];
  readonly architectures: readonly FoundArchitecture[];
  /** Of all runs, with what kills made void and what failed; tuning is told by hand, null where nobody did. */
  readonly coreHours: { readonly runs: number; readonly tuning: number | null };
  /** By place, in the order of the cells. */
  readonly nodeHours: readonly PlaceCost[];
  readonly cells: readonly CellFigures[];
}

/** Points of the chart: more than its pixels between two marks of the axis need. */
const POINTS = 60;
const MS_PER_HOUR = 3_600_000;

/** Sums a study up from what its cells tell; the same figures give the same sums. */
export function computeStudyResults(plan: StudyPlan, figures: readonly CellFigures[]): StudyResults {
  const arms = plan.arms.map(({ name, controlOf }) => {
    return { name, controlOf, cells: figures.filter(({ arm }) => arm === name) };
  });
  const end = Math.max(0, ...figures.map(({ searchHours }) => searchHours));
  const hours = Array.from({ length: POINTS + 1 }, (_, index) => (end * index) / POINTS);
  const agreements = arms.flatMap(({ name, cells }) => measureArm(plan, name, cells));
  return {
    measuredBy: plan.ends,
    arms: arms.map(({ name, controlOf, cells }) => sumUp(name, controlOf, cells)),
    comparisons: compareArms(arms),
    hours,
    curves: arms.flatMap(({ name, controlOf, cells }) => {
      if (controlOf !== null || cells.every(({ curve }) => curve.length === 0)) return [];
      return [{ arm: name, points: hours.map((hour) => bandAt(cells, hour)) }];
    }),
    agreements,
    architectures: figures.flatMap(({ key, arm, seed, genotype, genotypeHash }) => {
      const agreement = agreements.find((each) => each.arm === arm);
      if (genotype === null || genotypeHash === null || agreement === undefined) return [];
      return [{ key, arm, seed, genotypeHash, certainty: certaintyOf(genotype, agreement) }];
    }),
    coreHours: {
      runs: figures.reduce((sum, cell) => sum + (cell.searchHours + cell.trainingHours) * cell.cores, 0),
      tuning: plan.tuning?.coreHours ?? null,
    },
    nodeHours: [...new Set(figures.map(({ site }) => site))].map((site) => {
      return { site, nodeHours: nodeHoursOf(figures.filter((cell) => cell.site === site)) };
    }),
    cells: figures,
  };
}

/** Chance decides what a control has in common; only searches can agree. */
function measureArm(plan: StudyPlan, arm: string, cells: readonly CellFigures[]): readonly Agreement[] {
  const config = plan.cells.find((cell) => cell.arm === arm)?.search ?? null;
  const genotypes = cells.flatMap(({ genotype }) => genotype ?? []); // cells that found nothing yet
  return config === null || genotypes.length === 0 ? [] : [measureAgreement(arm, genotypes, config.space)];
}

function sumUp(arm: string, controlOf: string | null, cells: readonly CellFigures[]): ArmResult {
  const scores = cells.flatMap(({ psnrDb }) => psnrDb ?? []); // cells without a figure
  const meanOrNull = (values: readonly number[]): number | null => (values.length === 0 ? null : meanOf(values));
  return {
    arm,
    controlOf,
    seeds: scores.length,
    cells: cells.length,
    psnrDb: scores.length === 0 ? null : { ...meanBandOf(scores), deviation: deviationOf(scores) },
    parameters: meanOrNull(cells.flatMap(({ parameters }) => parameters ?? [])),
    multiplyAddsPerPixel: meanOrNull(cells.flatMap(({ multiplyAddsPerPixel }) => multiplyAddsPerPixel ?? [])),
    searchCoreHours: cells.reduce((sum, cell) => sum + cell.searchHours * cell.cores, 0),
    trainingCoreHours: cells.reduce((sum, cell) => sum + cell.trainingHours * cell.cores, 0),
    nodeHours: nodeHoursOf(cells),
  };
}

function nodeHoursOf(cells: readonly CellFigures[]): number {
  return cells.reduce((sum, { searchHours, trainingHours }) => sum + searchHours + trainingHours, 0);
}

function compareArms(
  arms: readonly { readonly name: string; readonly cells: readonly CellFigures[] }[],
): readonly ArmComparison[] {
  return arms.flatMap((first, index) =>
    arms.slice(index + 1).flatMap((second): readonly ArmComparison[] => {
      const pairs = first.cells.flatMap(({ seed, psnrDb }) => {
        const other = second.cells.find((cell) => cell.seed === seed)?.psnrDb ?? null;
        return psnrDb === null || other === null ? [] : [[psnrDb, other] as const];
      });
      if (pairs.length < 2) return [];
      const random = createRandom(0, `${first.name} against ${second.name}`);
      const compared = comparePaired(
        pairs.map(([own]) => own),
        pairs.map(([, other]) => other),
        random,
      );
      return [{ first: first.name, second: second.name, seeds: pairs.length, ...compared }];
    }),
  );
}

function bandAt(cells: readonly CellFigures[], hour: number): MeanBand | null {
  const searched = cells.filter(({ curve }) => curve.length > 0);
  const scores = searched.flatMap(
    ({ curve }) => curve.findLast(({ workMs }) => workMs <= hour * MS_PER_HOUR)?.score ?? [], // before its first score
  );
  return scores.length === 0 || scores.length < searched.length ? null : meanBandOf(scores);
}
