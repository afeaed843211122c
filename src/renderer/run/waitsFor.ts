import type { RunSummary } from "#shared/api/runs.ts";

/** Names the runs that a queued one waits for, first what is at work: one process computes, one run after the other. Empty where it does not wait. */
export function findAhead(
  run: Pick<RunSummary, "id" | "state" | "createdAt">,
  active: readonly RunSummary[],
): readonly RunSummary[] {
  if (run.state !== "queued") return [];
  const others = active.filter(({ id }) => id !== run.id);
  const atWork = others.filter(({ state }) => state !== "queued");
  const before = others.filter(({ state, createdAt }) => state === "queued" && createdAt < run.createdAt);
  return [...atWork, ...before.toSorted((a, b) => a.createdAt.localeCompare(b.createdAt))];
}
