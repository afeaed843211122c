import type { LabContext } from "#main/lab/labContext.ts";
import { startSearch, startTraining } from "#main/lab/runs/newRun.ts";
import { resumeRun } from "#main/lab/runs/resumeRun.ts";
import type { Lab } from "#shared/api/lab.ts";

import { checkSite } from "./checkSite.ts";
import { forgetSite, previewJob } from "./sites.ts";
import { listRunsThere } from "./siteWatch.ts";
import { listSites, putSite } from "./siteFiles.ts";

/** Answers what is asked of other computers that do runs. */
export function answerSites(context: LabContext) {
  const { sites } = context.paths;
  return {
    listSites: () => listSites(sites),
    putSite: ({ name, yaml }) => putSite(sites, name, yaml),
    removeSite: (name) => forgetSite(context, name),
    checkSite: (name) => checkSite(context, name, false),
    checkSiteAttended: (name) => checkSite(context, name, true),
    startSearchAt: (site, config) => startSearch(context, config, { site }),
    startTrainingAt: (site, config, genotype) => startTraining(context, config, genotype, { site }),
    resumeRunAt: (site, id) => resumeRun(context, id, { site, mayChangeEngine: false }),
    previewJob: (site) => previewJob(context, site),
    fetchRuns: async () => {
      const ids = listRunsThere(context, null).map(({ id }) => id);
      await context.siteWatch.lookAtAll();
      return Promise.all(ids.map(context.showRun));
    },
    watchSites: context.siteWatch.watch,
  } satisfies Partial<Lab>;
}
