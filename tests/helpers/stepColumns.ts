import { addStep, createStepColumns } from "#shared/runs/history/stepColumns.ts";

/** The columns of steps 1 to `last`: step `n` in epoch `n / 100`, with loss `1 / n`. */
export function buildSteps(last: number): ReturnType<typeof createStepColumns> {
  const columns = createStepColumns();
  for (let step = 1; step <= last; step++) {
    addStep(columns, {
      type: "step",
      time: new Date(step).toISOString(),
      step,
      totalSteps: last,
      epoch: step / 100,
      loss: 1 / step,
      learningRate: 0.1,
      secondsPerStep: 0.01,
      residentMb: 1,
      tensors: 1,
    });
  }
  return columns;
}
