import type { NextStep } from "#shared/api/home.ts";
import { toRunPath } from "#renderer/routing/paths.ts";

/** Returns the address at which the next step is taken; null for the demo, which is started where it is offered. */
export function toNextStepPath(step: NextStep): string | null {
  switch (step.kind) {
    case "try_demo":
      return null;
    case "add_photos":
      return "/datasets";
    case "search":
      return "/search/new";
    case "watch":
    case "resume":
      return toRunPath(step.run);
    case "derive":
      return toRunPath({ kind: "search", id: step.runId });
    case "train":
      return `/train/new?architecture=${step.hash}&search=${step.search}`;
    case "evaluate":
      return toRunPath({ kind: "train", id: step.runId });
    case "denoise":
      return `/denoise?model=${step.runId}`;
  }
}
