import type { RunSummary } from "#shared/api/runs.ts";

/** Where the runs of a kind are listed. */
export const RUN_ROOMS: Readonly<Record<RunSummary["kind"], string>> = { search: "/search", train: "/train" };

/** Returns the address of the page that shows a run. */
export function toRunPath({ kind, id }: Pick<RunSummary, "kind" | "id">): string {
  return `${RUN_ROOMS[kind]}/${id}`;
}
