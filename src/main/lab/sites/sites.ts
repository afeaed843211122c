import { LabError } from "#shared/labError.ts";
import type { SitesContext } from "./lookAtRun.ts";
import { createCarrier } from "./siteExecutor.ts";
import { readSite, removeSite } from "./siteFiles.ts";
import { listRunsThere } from "./siteWatch.ts";

/** In a script that is only shown, the run's id is not known yet. */
const NO_RUN = "00000000000000000000000000";

/** Writes the script by which a site would do a run. Throws LabError as `readSite`. */
export async function previewJob({ paths }: Pick<SitesContext, "paths">, site: string): Promise<string> {
  const { profile } = await readSite(paths.sites, site);
  return createCarrier(profile).renderScript({ runId: NO_RUN, attempt: 1 });
}

/** Forgets a site. Throws LabError `busy` while it has a run, and `not_found`. */
export async function forgetSite(context: SitesContext, name: string): Promise<void> {
  const [there] = listRunsThere(context, name);
  if (there !== undefined) throw new LabError("busy", `site ${name}: run ${there.id} is there`);
  await removeSite(context.paths.sites, name);
}
