import type { RunSummary } from "#shared/api/runs.ts";

/** Returns the address of the page that shows a run. */
export function toRunPath({ kind, id }: Pick<RunSummary, "kind" | "id">): string {
  switch (kind) {
    case "search":
      return `/search/${id}`;
    case "train":
      return `/train/${id}`;
  }
}
