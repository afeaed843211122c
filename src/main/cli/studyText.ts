import type { Agreement } from "#shared/studies/agreement.ts";
import type { StudyResults } from "#shared/studies/studyResults.ts";

import { renderTable, type Column } from "./table.ts";

const ARM_COLUMNS: readonly Column[] = [
  { heading: "ARM", align: "left" },
  { heading: "SEEDS", align: "right" },
  { heading: "PSNR (DB)", align: "right" },
  { heading: "SD", align: "right" },
  { heading: "95 % BAND", align: "left" },
  { heading: "PARAMETERS", align: "right" },
  { heading: "SEARCH (CORE H)", align: "right" },
  { heading: "TRAINING (CORE H)", align: "right" },
  { heading: "NODE H", align: "right" },
];

const PAIR_COLUMNS: readonly Column[] = [
  { heading: "FIRST", align: "left" },
  { heading: "SECOND", align: "left" },
  { heading: "SEEDS", align: "right" },
  { heading: "DIFFERENCE (DB)", align: "right" },
  { heading: "95 % INTERVAL", align: "left" },
  { heading: "SHARE NOT BETTER", align: "right" },
];

/** Says what a study has found, in lines for a terminal. */
export function listReport(results: StudyResults): readonly string[] {
  const { runs, tuning } = results.coreHours;
  const own = results.measuredBy === "search" ? ": by each search's own estimator, which do not compare" : "";
  return [
    `measured by ${results.measuredBy}${own}`,
    renderTable(ARM_COLUMNS, results.arms.map(toArmRow)),
    ...(results.comparisons.length === 0 ? [] : ["", renderTable(PAIR_COLUMNS, results.comparisons.map(toPairRow))]),
    "",
    ...results.agreements.map(toAgreementLine),
    `node-hours: ${results.nodeHours.map(({ site, nodeHours }) => `${nodeHours.toFixed(3)} ${site === null ? "here" : `at ${site}`}`).join(", ")}`,
    `core-hours: ${runs.toFixed(3)} for all runs; tuning ${tuning === null ? "not told" : tuning.toFixed(3)}`,
  ];
}

function toArmRow(arm: StudyResults["arms"][number]): string[] {
  const { psnrDb, parameters } = arm;
  return [
    arm.arm,
    `${arm.seeds}/${arm.cells}`,
    psnrDb === null ? "" : psnrDb.mean.toFixed(3),
    psnrDb === null ? "" : psnrDb.deviation.toFixed(3),
    psnrDb === null ? "" : `${psnrDb.low.toFixed(3)} to ${psnrDb.high.toFixed(3)}`,
    parameters === null ? "" : String(Math.round(parameters)),
    arm.searchCoreHours.toFixed(3),
    arm.trainingCoreHours.toFixed(3),
    arm.nodeHours.toFixed(3),
  ];
}

function toPairRow({
  first,
  second,
  seeds,
  difference,
  low,
  high,
  chance,
}: StudyResults["comparisons"][number]): string[] {
  const interval = `${low.toFixed(3)} to ${high.toFixed(3)}`;
  return [first, second, String(seeds), difference.toFixed(3), interval, chance.toFixed(3)];
}

function toAgreementLine({ arm, architectures, edges, meanSharedEdges, chanceEdges }: Agreement): string {
  if (meanSharedEdges === null) return `${arm}: one architecture, so nothing to agree with`;
  const always = edges.filter(({ share }) => share === 1).length;
  const shared = `${(100 * meanSharedEdges).toFixed(0)} % of the edges in common`;
  return `${arm}: ${architectures} architectures, ${shared} (chance: ${(100 * chanceEdges).toFixed(0)} %), ${always} edges always`;
}
