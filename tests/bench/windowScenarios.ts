import { readFileSync } from "node:fs";

import type { Lab } from "#shared/api/lab.ts";
import type { RunSummary } from "#shared/api/runs.ts";
import { searchConfigSchema, trainConfigSchema } from "#shared/runs/config.ts";
import { parseGenotype } from "#shared/space/cells/genotype.ts";

import { STEPS_PER_EPOCH, type StreamPlan, toStreamName } from "./streamName.ts";

/** A page that shows a run while it goes on. */
export interface WindowScenario {
  readonly title: string;
  start(lab: Lab, plan: StreamPlan): Promise<RunSummary>;
  /** The page's address inside the window. */
  toPath(id: string): string;
  /** Charts that are drawn on a canvas once the first epoch is over. */
  readonly canvases: number;
}

/** The photos are read and sent as for any run; the scripted compute process does nothing with them. */
const data = { maxPhotos: 8, validationShare: 0.125 };

export const WINDOW_SCENARIOS = {
  search: {
    title: "search cockpit",
    start: (lab, plan) => {
      const epochs = Math.max(1, Math.ceil(plan.steps / STEPS_PER_EPOCH));
      const search = { epochs, warmupEpochs: 0 };
      return lab.startSearch(searchConfigSchema.parse({ name: toStreamName(plan), data, search }));
    },
    toPath: (id) => `/search/${id}`,
    canvases: 10,
  },
  train: {
    title: "training page",
    start: (lab, plan) => {
      const file = new URL("./mixedGenotype.json", import.meta.url);
      const genotype = parseGenotype(JSON.parse(readFileSync(file, "utf8")), "mixedGenotype.json");
      const training = { steps: plan.steps };
      return lab.startTraining(trainConfigSchema.parse({ name: toStreamName(plan), data, training }), genotype);
    },
    toPath: (id) => `/train/${id}`,
    canvases: 6,
  },
} as const satisfies Readonly<Record<string, WindowScenario>>;

export type WindowScenarioName = keyof typeof WINDOW_SCENARIOS;
