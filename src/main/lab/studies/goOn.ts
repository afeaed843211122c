import type { LabContext } from "#main/lab/labContext.ts";
import { readStudyControl } from "#main/store/studies/studyFolder.ts";

import { LAB_CLOSED } from "./studyJobs.ts";
import { findStudy, listStudies, resumeStudy } from "./studies.ts";

/**
 * Goes on with the studies that are to do so by themselves and that only the end of the program held up; one that somebody paused
 * waits. What cannot go on is logged; never rejects.
 */
export async function goOnWithStudies(lab: LabContext): Promise<void> {
  try {
    for (const { id, name, state, reason } of await listStudies(lab)) {
      const wasHeldUp = state === "interrupted" || (state === "paused" && reason === LAB_CLOSED);
      if (!wasHeldUp) continue;
      const { plan, paths } = await findStudy(lab, id);
      if (!plan.goesOn || (await readStudyControl(paths)) === "pause") continue;
      await resumeStudy(lab, { id, retryFailed: false });
      lab.log(`study ${name} goes on`);
    }
  } catch (error) {
    lab.log(`studies could not go on: ${error instanceof Error ? error.message : String(error)}`);
  }
}
