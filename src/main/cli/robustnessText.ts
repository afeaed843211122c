import { toCsv } from "#shared/csv.ts";
import type { RobustnessCurve, RobustnessTest } from "#shared/runs/robustness.ts";

import { type Column, renderTable } from "./table.ts";

/** A set in its channels, and what was measured of it. */
export interface FoundCurves {
  readonly test: RobustnessTest;
  readonly curves: readonly RobustnessCurve[];
}

const ORIGINS = {
  measured: "measured here",
  published: "published, interpolated between published levels",
  both: "measured here or published",
} as const;

/** Writes curves over noise for a terminal: a line for each network and method, a column for each level and each set of pairs. */
export function renderRobustness({ test: { dataset, channels, sigmas }, curves }: FoundCurves): string {
  const sets = listPairSets(curves);
  const number = (heading: string): Column => ({ heading, align: "right" });
  const columns = [
    { heading: "PSNR (dB)", align: "left" } as const,
    ...sigmas.map(String).map(number),
    ...sets.map(number),
  ];
  const rows = curves.map(({ id, points, pairs }) => [
    id,
    ...sigmas.map((sigma) => toCell(points.find(({ sigma255 }) => sigma255 === sigma)?.psnrDb)),
    ...sets.map((set) => toCell(pairs.find((pair) => pair.dataset === set)?.psnrDb)),
  ]);
  const baseline = curves.find(({ kind, points }) => kind === "baseline" && points.length > 0);
  return [
    renderTable(columns, rows),
    `${dataset}, ${channels}, columns are sigma${sets.length === 0 ? "" : " and sets of camera pairs"}`,
    ...(baseline?.origin == null ? [] : [`${baseline.id}: ${ORIGINS[baseline.origin]}`]),
  ].join("\n");
}

/** Writes curves over noise as CSV (RFC 4180) in full precision: a line for each figure; pairs have no sigma. */
export function robustnessToCsv(found: readonly FoundCurves[]): string {
  const rows = found.flatMap(({ test: { dataset, channels }, curves }) =>
    curves.flatMap(({ kind, id, points, pairs }) => [
      ...points.map(({ sigma255, psnrDb }) => [kind, id, dataset, channels, sigma255, psnrDb]),
      ...pairs.map((pair) => [kind, id, pair.dataset, channels, "", pair.psnrDb]),
    ]),
  );
  return toCsv(["kind", "name", "dataset", "channels", "sigma255", "psnr_db"], rows);
}

function listPairSets(curves: readonly RobustnessCurve[]): readonly string[] {
  return [...new Set(curves.flatMap(({ pairs }) => pairs.map(({ dataset }) => dataset)))];
}

function toCell(psnrDb: number | undefined): string {
  return psnrDb === undefined ? "" : psnrDb.toFixed(2);
}
