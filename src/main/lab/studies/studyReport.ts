import type { LabContext } from "#main/lab/labContext.ts";
import { computeStudyResults, type StudyResults } from "#shared/studies/studyResults.ts";

import { readCellFigures } from "./cellFigures.ts";
import { findStudy } from "./studies.ts";

/** Sums up what a study has found so far. Throws LabError. */
export async function showStudyResults(lab: LabContext, idOrName: string): Promise<StudyResults> {
  const study = await findStudy(lab, idOrName);
  return computeStudyResults(study.plan, await readCellFigures(lab, study));
}
