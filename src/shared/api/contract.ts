import { architectureProcedures } from "./architectures.ts";
import { bundleProcedures } from "./bundles.ts";
import { datasetProcedures } from "./datasets.ts";
import { denoiseProcedures } from "./denoising.ts";
import { evaluationProcedures } from "./evaluations.ts";
import { homeProcedures } from "./home.ts";
import { modelProcedures } from "./models.ts";
import { noiseProcedures } from "./noise.ts";
import { preferenceProcedures } from "./preferences.ts";
import type { Asking } from "./procedure.ts";
import { proofSheetProcedures } from "./proofSheets.ts";
import { runProcedures } from "./runs.ts";
import { settingsProcedures } from "./settings.ts";
import { studyProcedures } from "./studies.ts";
import { siteProcedures } from "./sites.ts";
import { taskProcedures } from "./tasks.ts";
import { windowProcedures } from "./updates.ts";

/** Every question to the lab. */
export const LAB_PROCEDURES = {
  ...homeProcedures,
  ...datasetProcedures,
  ...noiseProcedures,
  ...settingsProcedures,
  ...runProcedures,
  ...bundleProcedures,
  ...siteProcedures,
  ...architectureProcedures,
  ...evaluationProcedures,
  ...proofSheetProcedures,
  ...denoiseProcedures,
  ...modelProcedures,
  ...studyProcedures,
  ...taskProcedures,
  ...preferenceProcedures,
};

/** Every question that a window may ask: those to the lab, and those to its own connection. */
export const PROCEDURES = { ...LAB_PROCEDURES, ...windowProcedures };

export type ProcedureName = keyof typeof PROCEDURES;

/** The lab as a window sees it, over whatever carrier. */
export type LabClient = Asking<typeof PROCEDURES>;
