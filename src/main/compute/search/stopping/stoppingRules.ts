import { assertNever } from "#shared/assertNever.ts";
import { at } from "#shared/at.ts";
import type { Stopping } from "#shared/runs/stoppingSchema.ts";

import type { EpochMeasure } from "./epochMeasure.ts";

/** The eigenvalue is averaged over so many measurements, and compared with the average so many before (R-DARTS, science notes 8). */
const AVERAGED = 5;
const BEFORE = 4;

/** Says why a search stops after the last of its measured epochs, in words for the log; null where it goes on. */
export function reasonToStop(stopping: Stopping, measures: readonly EpochMeasure[]): string | null {
  const last = measures.at(-1);
  if (last === undefined) return null;
  switch (stopping.kind) {
    case "none":
      return null;
    case "bestValidation":
      return judgeScores(stopping.patience, measures);
    case "skips": {
      const layer = last.skips.findIndex((skips) => skips > stopping.limit);
      return layer === -1
        ? null
        : `the cell of layer ${layer} would keep ${at(last.skips, layer, "skips")} skip connections, more than ${stopping.limit}`;
    }
    case "stableRank":
      return countStableEpochs(measures) >= stopping.epochs
        ? `every edge has had the same best primitive for ${stopping.epochs} epochs`
        : null;
    case "hessian":
      return judgeEigenvalues(stopping, measures);
    default:
      return assertNever(stopping);
  }
}

function judgeScores(patience: number, measures: readonly EpochMeasure[]): string | null {
  const scores = measures.flatMap(({ score }) => (score === null ? [] : [score]));
  const best = scores.indexOf(Math.max(...scores));
  const since = scores.length - 1 - best;
  return scores.length > 0 && since >= patience ? `no better validation score came for ${since} epochs` : null;
}

/** Counts the last epochs in a row in which every edge has had the same best primitive. */
export function countStableEpochs(measures: readonly EpochMeasure[]): number {
  const winners = String(measures.at(-1)?.winners);
  const lastOther = measures.findLastIndex((measure) => String(measure.winners) !== winners);
  return measures.length - 1 - lastOther;
}

function judgeEigenvalues(
  { ratio, fromEpoch }: Extract<Stopping, { kind: "hessian" }>,
  measures: readonly EpochMeasure[],
): string | null {
  const last = measures.at(-1);
  if (last === undefined || last.eigenvalue === null || last.epoch < fromEpoch) return null;
  const values = measures.flatMap(({ eigenvalue }) => (eigenvalue === null ? [] : [eigenvalue]));
  if (values.length <= BEFORE) return null;
  const [now, before] = [localAverage(values), localAverage(values.slice(0, -BEFORE))];
  if (!(before > 0) || now / before <= ratio) return null;
  return `the dominant eigenvalue of the alpha Hessian, averaged, rose from ${before.toPrecision(3)} to ${now.toPrecision(3)}`;
}

function localAverage(values: readonly number[]): number {
  const recent = values.slice(-AVERAGED);
  return recent.reduce((sum, value) => sum + value, 0) / recent.length;
}
