/** Steps of an epoch of a streamed run: a validation, the arch variables and two checkpoints come after so many. */
export const STEPS_PER_EPOCH = 100;

/** At fifty steps a second a run says something in its log about once a second. */
export const STEPS_PER_LOG_LINE = 50;

/** How much a streamed run tells, and how fast. */
export interface StreamPlan {
  readonly steps: number;
  /** Steps a second. */
  readonly rate: number;
}

/** The name of a run is the only thing of its settings that can carry a plan to the scripted compute process. */
export function toStreamName({ steps, rate }: StreamPlan): string {
  return `${steps} steps, ${rate} a second`;
}

/** Reads the plan back. Throws where the name is no plan. */
export function parseStreamName(name: string): StreamPlan {
  const [, steps, rate] = /^(\d+) steps, (\d+(?:\.\d+)?) a second$/.exec(name) ?? [];
  if (steps === undefined || rate === undefined) {
    throw new Error(`stream: the run's name must say how many steps and how fast, got ${JSON.stringify(name)}`);
  }
  return { steps: Number(steps), rate: Number(rate) };
}
