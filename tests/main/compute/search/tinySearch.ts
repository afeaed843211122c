import { searchConfigSchema } from "#shared/runs/config.ts";
import type { SearchConfig } from "#shared/runs/config.ts";
import type { ComputeEvent } from "#shared/runs/runEvent.ts";

/** Two steps per epoch, four epochs, the first without arch steps. */
export function configOf(search: object = {}, space: object = {}): SearchConfig {
  return searchConfigSchema.parse({
    noise: { kind: "gaussian", sigma255: 30 },
    space: {
      layers: 2,
      nodes: 1,
      filters: 2,
      widthFactors: [1, 1.5],
      primitives: ["conv_3x3", "sep_conv_3x3", "none"],
      ...space,
    },
    search: { epochs: 4, warmupEpochs: 1, batchSize: 2, patchSize: 16, checkpointEverySteps: 3, ...search },
  });
}

export const TOTAL = 8;

/** The kinds of what was told, steps left out; a checkpoint by what it is. */
export function typesOf(events: readonly ComputeEvent[]): string[] {
  return events
    .filter(({ type }) => type !== "step")
    .map((event) => (event.type === "checkpoint" ? event.kind : event.type));
}
