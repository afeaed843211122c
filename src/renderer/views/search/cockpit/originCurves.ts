import type { Candidate } from "#shared/api/runs.ts";
import { kendallTau } from "#shared/statistics/kendallTau.ts";
import type { Curve } from "#renderer/components/curves/curve.ts";
import { formatValue } from "#renderer/format/numbers.ts";
import { texts } from "#renderer/texts/texts.ts";

/** What the charts of origins read of a candidate. */
type Scored = Pick<Candidate, "genotypeHash" | "score" | "fidelity" | "origin">;

/** A chart of what a strategy knew of its candidates when it chose them. */
export interface OriginChart {
  readonly id: "lineage" | "calibration" | "entropy";
  readonly title: string;
  readonly note: string;
  readonly xLabel: string;
  readonly yLabel: string;
  readonly curves: readonly Curve[];
}

/** How far from its prediction a score may be, in deviations, to count as foretold. */
const DEVIATIONS = 2;
/** Order says nothing of fewer. */
const FEWEST_PREDICTED = 3;

/** Lists the charts of what a search's strategy knew; none of what it does not know of. */
export function drawOrigins(candidates: readonly Scored[]): readonly OriginChart[] {
  return [drawLineage(candidates), drawCalibration(candidates), drawEntropy(candidates)].flatMap(
    (chart) => chart ?? [],
  );
}

/** Draws the best candidate and what it was changed from, step by step, among all scores; null where none was changed. */
function drawLineage(candidates: readonly Scored[]): OriginChart | null {
  if (!candidates.some(({ origin }) => origin?.parent !== undefined)) return null;
  const words = texts.cockpit.candidates;
  const line = findLineage(candidates);
  const curves: Curve[] = [
    {
      id: "candidates",
      label: words.each,
      colour: "var(--calm)",
      isScattered: true,
      x: candidates.map((_, index) => index + 1),
      y: candidates.map(({ score }) => score),
    },
    {
      id: "ancestors",
      label: words.ancestors,
      colour: "var(--accent)",
      hasDots: true,
      x: line.map((index) => index + 1),
      y: line.map((index) => candidates[index]?.score ?? null),
    },
  ];
  const note = words.lineageNote(line.length - 1);
  return { id: "lineage", title: words.lineage, note, xLabel: words.number, yLabel: words.score, curves };
}

/** Finds the best candidate and its ancestors, the oldest first, by their places in the list. */
export function findLineage(candidates: readonly Scored[]): readonly number[] {
  let best = -1;
  for (const [index, { score, fidelity }] of candidates.entries()) {
    const rival = candidates[best];
    const isMore = rival === undefined || fidelity > rival.fidelity;
    if (isMore || (fidelity === rival.fidelity && score > rival.score)) best = index;
  }
  const line: number[] = [];
  for (let index = best; index !== -1;) {
    line.unshift(index);
    const parent = candidates[index]?.origin?.parent;
    index = parent === undefined ? -1 : candidates.findLastIndex(({ genotypeHash: hash }, each) => each < index && hash === parent); // prettier-ignore
  }
  return line;
}

/** Draws measured scores over predicted ones; of a candidate that has several only those that most was spent on. Null for none. */
function drawCalibration(candidates: readonly Scored[]): OriginChart | null {
  const most = Math.max(...candidates.map(({ fidelity }) => fidelity));
  const points = candidates
    .flatMap(({ origin, score, fidelity }) =>
      origin?.predicted === undefined || fidelity < most ? [] : [{ ...origin.predicted, score }],
    )
    .toSorted((a, b) => a.mean - b.mean);
  const [first, last] = [points[0], points.at(-1)];
  if (first === undefined || last === undefined || points.length < FEWEST_PREDICTED) return null;
  const words = texts.cockpit.candidates;
  const x = points.map(({ mean }) => mean);
  const y = points.map(({ score }) => score);
  const within = points.filter(({ mean, deviation, score }) => Math.abs(score - mean) <= DEVIATIONS * deviation).length;
  const tau = kendallTau(x, y);
  const ends = [first.mean, last.mean];
  return {
    id: "calibration",
    title: words.calibration,
    note: words.calibrationNote(tau === null ? "–" : formatValue(tau), Math.round((100 * within) / points.length)),
    xLabel: words.predicted,
    yLabel: words.measured,
    curves: [
      { id: "candidates", label: words.each, colour: "var(--calm)", isScattered: true, x, y },
      { id: "perfect", label: words.perfect, colour: "var(--accent)", isDashed: true, x: ends, y: ends },
    ],
  };
}

/** Draws how undecided the controller was at each candidate; null where there is none. */
function drawEntropy(candidates: readonly Scored[]): OriginChart | null {
  const points = candidates.flatMap(({ origin }, index) =>
    origin?.entropy === undefined ? [] : [{ number: index + 1, entropy: origin.entropy }],
  );
  if (points.length === 0) return null;
  const words = texts.cockpit.candidates;
  const x = points.map(({ number }) => number);
  const y = points.map(({ entropy }) => entropy);
  return {
    id: "entropy",
    title: words.controllerEntropy,
    note: words.controllerEntropyNote,
    xLabel: words.number,
    yLabel: words.entropy,
    curves: [{ id: "entropy", label: words.entropy, colour: "var(--accent)", x, y }],
  };
}
