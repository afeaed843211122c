import type { StudyPaths, StudyStatus } from "#main/store/studies/studyFolder.ts";
import type { StudyPlan } from "#shared/studies/study.ts";

/** A study as its folder tells it. */
export interface FoundStudy {
  readonly paths: StudyPaths;
  readonly plan: StudyPlan;
  readonly status: StudyStatus;
}
