import { InvalidArgumentError, Option } from "commander";

import { type StudyPlace, studyPlacesSchema } from "#shared/studies/studyPlace.ts";

/** This computer's name among places; a site may have it too, and then cannot take studies. */
const HERE_NAME = "here";
/** Few enough for the limits that most clusters set for one person. */
const USUAL_JOBS = 4;

/** The option that says where a study's cells are worked on; it may be given several times. */
export function placesOption(): Option {
  return new Option(
    "--on <place>",
    `where cells are worked on: a site of \`hinas sites\`, SITE:JOBS for as many at once (${USUAL_JOBS}), or here; may be repeated`,
  ).argParser(addPlace);
}

/** Adds `here`, `cluster` or `cluster:8` to the places so far. Throws commander's error for anything else. */
export function addPlace(text: string, before: readonly StudyPlace[] = []): readonly StudyPlace[] {
  const [, name = "", jobs] = /^([^:]*)(?::(\d+))?$/.exec(text) ?? [];
  const isHere = name === HERE_NAME;
  if (isHere && jobs !== undefined)
    throw new InvalidArgumentError("here does as many runs at once as --runs-at-once or the settings say");
  const place = { site: isHere ? null : name, jobs: isHere ? 1 : Number(jobs ?? USUAL_JOBS) };
  if (before.some(({ site }) => site === place.site)) throw new InvalidArgumentError(`${name} must be named once`);
  const parsed = studyPlacesSchema.safeParse([...before, place]);
  if (parsed.success) return parsed.data;
  throw new InvalidArgumentError(`it must be here, SITE or SITE:JOBS with 1 to 200 jobs, got ${text}`);
}

/** Says where a study is worked on, e.g. `cluster (4 at once) and here`. */
export function describePlaces(places: readonly StudyPlace[]): string {
  return places.map(({ site, jobs }) => (site === null ? HERE_NAME : `${site} (${jobs} at once)`)).join(" and ");
}
