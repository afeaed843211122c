import { writeFileAtomically } from "#main/files/writeFileAtomically.ts";
import type { LabContext } from "#main/lab/labContext.ts";
import { readStudyPlan, readStudyStatus, type StudyPaths } from "#main/store/studies/studyFolder.ts";
import { drawGenotype } from "#shared/space/drawing/drawGenotype.ts";
import { writeMethods } from "#shared/studies/methodsText.ts";
import { type CellTest, toReportPage } from "#shared/studies/reportPage.ts";
import { drawAnytimeCurves } from "#shared/studies/studyFigures.ts";
import { computeStudyResults, type StudyResults } from "#shared/studies/studyResults.ts";

import { readCellFigures } from "./cellFigures.ts";
import { readRunFiles } from "./runFiles.ts";
import type { FoundStudy } from "./foundStudy.ts";

/** Writes what a study has found so far as a page. Throws LabError. */
export async function showStudyReport(lab: LabContext, study: FoundStudy): Promise<string> {
  const { plan } = study;
  const results = computeStudyResults(plan, await readCellFigures(lab, study));
  const { environment } = await readRunFiles(lab, study);
  return toReportPage({
    plan,
    results,
    tests: await listTests(lab, study),
    figures: drawFigures(results),
    methods: writeMethods(plan, environment),
    writtenAt: new Date().toISOString(),
  });
}

/** Writes a study's report into its folder. Throws LabError. */
export async function writeReport(lab: LabContext, paths: StudyPaths): Promise<void> {
  const study = { paths, plan: await readStudyPlan(paths), status: await readStudyStatus(paths) };
  await writeFileAtomically(paths.report, await showStudyReport(lab, study));
}

/** The newest test of each cell's training. */
async function listTests(lab: LabContext, { plan, status }: FoundStudy): Promise<readonly CellTest[]> {
  const evaluations = await lab.listEvaluations({ runId: null });
  return plan.cells.flatMap(({ key }): readonly CellTest[] => {
    const progress = status.cells[key];
    const found = evaluations.find(({ runId }) => runId === progress?.trainingId);
    if (progress?.test == null || found === undefined) return [];
    const { dataset, recipe, baselines, photos, mean } = found;
    return [{ key, dataset, recipe, baselines, photos, mean }];
  });
}

function drawFigures(results: StudyResults): ReadonlyMap<string, string> {
  const curves = drawAnytimeCurves(results, "Best score so far of the searches", "light");
  const found = results.cells.flatMap(({ key, genotype, genotypeHash: hash }) =>
    genotype === null || hash === null
      ? []
      : [
          [
            `The architecture ${hash}, found in ${key}`,
            drawGenotype(genotype, { title: hash, theme: "light" }),
          ] as const,
        ],
  );
  return new Map([...found, ...(curves === null ? [] : [["Best score so far over time", curves] as const])]);
}
