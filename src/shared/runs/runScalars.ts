import { at } from "#shared/at.ts";

import { addEvents, createRunHistory, type RunHistory } from "./history/runHistory.ts";
import type { RunEvent } from "./runEvent.ts";

/** One figure of a run at one step; figures of a group, before the slash, belong together. */
export interface RunScalar {
  readonly tag: string;
  readonly step: number;
  /** Milliseconds since 1970. */
  readonly time: number;
  readonly value: number;
}

/** The columns of steps by the tags under which other programs show them. */
const STEP_TAGS = {
  loss: "loss/training",
  archLoss: "loss/architecture",
  expectedCost: "search/expected_cost",
  learningRate: "optimiser/learning_rate",
  secondsPerStep: "engine/seconds_per_step",
  residentMb: "engine/resident_mb",
  cpuShare: "computer/cpu_share",
  gpuShare: "computer/gpu_share",
  gpuMemoryMb: "computer/gpu_memory_mb",
} as const;

/** Lists every figure of a run in the order of its steps, without what a restart made void and what was not measured. */
export function listRunScalars(events: readonly RunEvent[]): readonly RunScalar[] {
  const history = addEvents(createRunHistory(), events, { steps: Infinity, logLines: 0 });
  const all = [...listSteps(history), ...listValidations(history), ...listMeasures(history)];
  return all.sort((one, other) => one.step - other.step);
}

function listSteps({ steps }: RunHistory): RunScalar[] {
  return steps.step.flatMap((step, row) =>
    (Object.keys(STEP_TAGS) as (keyof typeof STEP_TAGS)[]).flatMap((column) => {
      const value = at(steps[column], row, column);
      return value === null ? [] : [{ tag: STEP_TAGS[column], step, time: at(steps.time, row, "time"), value }];
    }),
  );
}

function listValidations({ validations }: RunHistory): RunScalar[] {
  return validations.flatMap(({ step, time, validation }) => {
    const moment = { step, time: Date.parse(time) };
    return [
      { tag: "validation/psnr_db", ...moment, value: validation.psnrDb },
      { tag: "validation/ssim", ...moment, value: validation.ssim },
      { tag: "validation/score", ...moment, value: validation.score },
    ];
  });
}

function listMeasures({ measures }: RunHistory): RunScalar[] {
  return measures.flatMap(({ step, time, skips, stableEpochs, eigenvalue, gap }) => {
    const figures = {
      "search/skip_connections": skips.reduce((sum, count) => sum + count, 0),
      "search/stable_epochs": stableEpochs,
      "search/hessian_eigenvalue": eigenvalue,
      "search/discretisation_gap": gap,
    };
    return Object.entries(figures).flatMap(([tag, value]) =>
      value === null ? [] : [{ tag, step, time: Date.parse(time), value }],
    );
  });
}
