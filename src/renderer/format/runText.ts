import type { RunSummary } from "#shared/api/runs.ts";
import { texts } from "#renderer/texts/texts.ts";

/** Says in words what a list of runs is filtered by. */
export function toRunText({ id, name, state, dataset, genotypeHash, engine }: RunSummary): string {
  return [id, name, texts.runStates[state], dataset, genotypeHash ?? "", engine ?? ""].join(" ");
}
