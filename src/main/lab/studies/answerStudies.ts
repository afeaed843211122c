import type { LabContext } from "#main/lab/labContext.ts";
import type { Lab } from "#shared/api/lab.ts";

import { packPaperKit, writePaperKit } from "./paperKit.ts";
import { showStudyReport } from "./reportFile.ts";
import { startTonight, writeTonight } from "./tonight.ts";
import { showStudyResults } from "./studyReport.ts";
import * as studies from "./studies.ts";

/** Answers what is asked of studies. */
export function answerStudies(context: LabContext) {
  return {
    previewStudy: (text) => studies.previewStudy(context, text),
    startStudy: (text) => studies.startStudy(context, text),
    previewTonight: (wish) => writeTonight(context, wish),
    startTonight: (wish) => startTonight(context, wish),
    listStudies: () => studies.listStudies(context),
    showStudy: (id) => studies.showStudy(context, id),
    showStudyResults: (id) => showStudyResults(context, id),
    showStudyReport: async (id) => showStudyReport(context, await studies.findStudy(context, id)),
    packStudyKit: async (id) => (await packPaperKit(context, id)).toString("base64"),
    writeStudyKit: (id, file) => writePaperKit(context, id, file),
    pauseStudy: (id) => studies.pauseStudy(context, id),
    resumeStudy: (wish) => studies.resumeStudy(context, wish),
    addStudyControl: (id) => studies.addStudyControl(context, id),
    removeStudy: (id) => studies.removeStudy(context, id),
    listStudySources: async (text) => studies.listStudySources(text),
    waitForStudy: (id) => studies.waitForStudy(context, id),
  } satisfies Partial<Lab>;
}
