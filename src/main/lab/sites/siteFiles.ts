import { existsSync } from "node:fs";
import { readdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";

import { describeIssue } from "#main/config/describeIssue.ts";
import { findNearestName } from "#main/config/nearestName.ts";
import { toConfigError } from "#main/config/problem.ts";
import { parseYamlMapping } from "#main/config/yamlText.ts";
import { toDiskError } from "#main/files/diskError.ts";
import { makeFolder } from "#main/files/syncFolder.ts";
import { writeFileAtomically } from "#main/files/writeFileAtomically.ts";
import type { Site } from "#shared/api/sites.ts";
import { LabError } from "#shared/labError.ts";
import { SITE_VERSION, type SiteProfile, siteNameSchema, siteProfileSchema } from "#shared/runs/siteProfile.ts";

const ENDING = ".yaml";

/** Reads a site's profile. Throws LabError `bad_config` with a line for each problem, or `newer_version`. */
export function parseSiteProfile(text: string, place: string): SiteProfile {
  const { values, lineOf } = parseYamlMapping(text, place);
  const { version } = values;
  if (typeof version === "number" && version > SITE_VERSION) {
    throw new LabError("newer_version", `${place}: version must be at most ${SITE_VERSION}, got ${version}`);
  }
  const result = siteProfileSchema.safeParse(values);
  if (result.success) return result.data;
  const problems = result.error.issues.flatMap((issue) => describeIssue(issue, values));
  throw toConfigError(
    problems.map(({ path, what }) => {
      const line = lineOf(path);
      return { place: line === null ? place : `${place} line ${line}`, what };
    }),
  );
}

/** Lists the sites of a folder by name. Throws LabError where a file cannot be read or understood. */
export async function listSites(folder: string): Promise<readonly Site[]> {
  return Promise.all((await listSiteNames(folder)).map((name) => readSite(folder, name)));
}

/** Finds a site. Throws LabError `not_found` with the nearest name, or as `parseSiteProfile` does. */
export async function readSite(folder: string, name: string): Promise<Site> {
  const file = toFile(folder, name);
  if (!siteNameSchema.safeParse(name).success || !existsSync(file)) {
    const nearest = findNearestName(name, await listSiteNames(folder));
    const hint = nearest === null ? "; `hinas sites add` adds one" : `; did you mean ${nearest}?`;
    throw new LabError("not_found", `there is no site named "${name}"${hint}`);
  }
  const yaml = await readFile(file, "utf8").catch((cause: unknown) => {
    throw toDiskError(`read ${file}`, cause);
  });
  return { name, profile: parseSiteProfile(yaml, file), yaml };
}

/** Keeps a profile under a name, as it was written. Throws LabError as `parseSiteProfile` does, and `disk`. */
export async function putSite(folder: string, name: string, yaml: string): Promise<Site> {
  const profile = parseSiteProfile(yaml, `site ${name}`);
  await makeFolder(folder);
  await writeFileAtomically(toFile(folder, name), yaml);
  return { name, profile, yaml };
}

/** Forgets a site. Throws LabError `not_found`. */
export async function removeSite(folder: string, name: string): Promise<void> {
  if (!existsSync(toFile(folder, name))) await readSite(folder, name);
  await rm(toFile(folder, name));
}

async function listSiteNames(folder: string): Promise<readonly string[]> {
  if (!existsSync(folder)) return [];
  const names = (await readdir(folder)).filter((name) => name.endsWith(ENDING));
  return names.map((name) => name.slice(0, -ENDING.length)).toSorted();
}

function toFile(folder: string, name: string): string {
  return join(folder, `${name}${ENDING}`);
}
