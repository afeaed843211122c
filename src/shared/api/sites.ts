import { z } from "zod";

import { searchConfigSchema, trainConfigSchema } from "#shared/runs/config.ts";
import { siteNameSchema, type SiteProfile } from "#shared/runs/siteProfile.ts";

import { genotypeArgument } from "./genotypeArgument.ts";
import { takes } from "./procedure.ts";
import type { RunSummary } from "./runs.ts";

/** A site that runs can go to. */
export interface Site {
  readonly name: string;
  readonly profile: SiteProfile;
  /** The profile as its file has it. */
  readonly yaml: string;
}

/** One thing that a site must have. */
export interface SiteFinding {
  readonly what: string;
  readonly ok: boolean;
  /** What was found, or what is missing and what helps. */
  readonly detail: string;
}

const textSchema = z.string().max(100_000);

export const siteProcedures = {
  listSites: takes().gives<readonly Site[]>(),
  /** Keeps a site's profile under a name, in place of one that has it. Refused with `bad_config` and `newer_version`. */
  putSite: takes(z.strictObject({ name: siteNameSchema, yaml: textSchema })).gives<Site>(),
  /** Refused with `busy` while a run is there. */
  removeSite: takes(siteNameSchema).givesNothing(),
  /** Logs in and looks for all that a run needs there. */
  checkSite: takes(siteNameSchema).gives<readonly SiteFinding[]>(),
  startSearchAt: takes(siteNameSchema, searchConfigSchema).gives<RunSummary>(),
  startTrainingAt: takes(siteNameSchema, trainConfigSchema, genotypeArgument).gives<RunSummary>(),
  /** Goes on with a run at a site from its last checkpoint. */
  resumeRunAt: takes(siteNameSchema, z.string().min(1)).gives<RunSummary>(),
  /** Writes the script by which a run of this kind would be done at a site. */
  previewJob: takes(siteNameSchema).gives<string>(),
  /** Asks all sites how the runs there are, at once, and fetches what is new. */
  fetchRuns: takes().gives<readonly RunSummary[]>(),
};
