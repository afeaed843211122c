import type { CellProgress, StudyCell } from "#shared/studies/study.ts";

/** What choosing the next cell needs to know of a study. */
export interface CellsLeft {
  /** In the order in which they are worked on. */
  readonly cells: readonly StudyCell[];
  readonly getProgress: (key: string) => CellProgress;
  /** Those that somebody is at work on. */
  readonly taken: ReadonlySet<string>;
  /** The site that has a run of the cell now; null where none has. */
  readonly siteOf: (key: string) => string | null;
  /** The sites that the study uses. */
  readonly sites: ReadonlySet<string>;
}

/** Cells at which nothing is left to do before somebody asks for it. */
export const SETTLED: ReadonlySet<CellProgress["state"]> = new Set(["finished", "failed", "stopped"]);

/**
 * Chooses the next cell to be worked on at a site, or here for null: first one whose run is there already. `wait` where all that is left waits
 * for another cell, `none` where nothing is left for this place.
 */
export function pickCell(left: CellsLeft, place: string | null): StudyCell | "wait" | "none" {
  const { cells, getProgress, taken, siteOf, sites } = left;
  const open = cells.filter(({ key }) => !SETTLED.has(getProgress(key).state) && !taken.has(key));
  const here: StudyCell[] = [];
  const anywhere: StudyCell[] = [];
  for (const cell of open) {
    const site = siteOf(cell.key);
    if (site === null) anywhere.push(cell);
    // A site that the study no longer uses keeps what it has, which anybody may follow.
    else if (site === place || !sites.has(site)) here.push(cell);
  }
  const isReady = ({ controlOf }: StudyCell): boolean => {
    if (controlOf === null) return true;
    const { genotypeHash, state } = getProgress(controlOf);
    return genotypeHash !== null || SETTLED.has(state);
  };
  return [...here, ...anywhere].find(isReady) ?? (here.length + anywhere.length > 0 ? "wait" : "none");
}
