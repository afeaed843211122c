import type { RunSummary } from "#shared/api/runs.ts";

/** Names the runs that a queued one waits for, first what is at work; what a site has takes nothing here. Empty where it does not wait here. */
export function findAhead(
  run: Pick<RunSummary, "id" | "state" | "createdAt" | "place">,
  active: readonly RunSummary[],
): readonly RunSummary[] {
  if (run.state !== "queued" || isElsewhere(run)) return [];
  const others = active.filter((other) => other.id !== run.id && !isElsewhere(other));
  const atWork = others.filter(({ state }) => state !== "queued");
  const before = others.filter(({ state, createdAt }) => state === "queued" && createdAt < run.createdAt);
  return [...atWork, ...before.toSorted((a, b) => a.createdAt.localeCompare(b.createdAt))];
}

function isElsewhere({ place }: Pick<RunSummary, "place">): boolean {
  return place?.isOver === false;
}
