import type { RunSummary } from "#shared/api/runs.ts";

/** What people must have said of a run for it to be in a list. */
export interface WantedLabels {
  readonly isStarred: boolean;
  readonly tags: readonly string[];
}

/** Every run is in the list. */
export const NO_WANTED_LABELS: WantedLabels = { isStarred: false, tags: [] };

type Labelled = Pick<RunSummary, "label">;

/** Lists the tags that any of these runs has, by their names. */
export function listTags(runs: readonly Labelled[]): readonly string[] {
  const tags = runs.flatMap(({ label }) => label?.tags ?? []); // none where nobody said anything
  return [...new Set(tags)].toSorted((a, b) => a.localeCompare(b));
}

/** Picks the runs that have the star and every tag that are wanted; what no run has any more is not wanted. */
export function pickLabelled<Run extends Labelled>(runs: readonly Run[], wanted: WantedLabels): readonly Run[] {
  const known = new Set(listTags(runs));
  const tags = wanted.tags.filter((tag) => known.has(tag));
  const needsStar = wanted.isStarred && runs.some(({ label }) => label?.isStarred === true);
  return runs.filter(
    ({ label }) => (!needsStar || label?.isStarred === true) && tags.every((tag) => label?.tags.includes(tag) === true),
  );
}
