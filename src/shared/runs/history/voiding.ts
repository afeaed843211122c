import type { EventOf, RunEvent } from "#shared/runs/runEvent.ts";

/** The step from which a run goes on. */
export type Resumed = Pick<EventOf<"resumed">, "step">;

/** Tells whether a restart makes void what was done at `step`; every reader of a run's events asks here. */
export function isVoid(step: number, resumed: Resumed): boolean {
  return step > resumed.step;
}

/** Leaves out what a restart makes void. The very same list where all of it stays. */
export function dropVoid<Entry extends { readonly step: number }>(
  entries: readonly Entry[],
  resumed: Resumed,
): readonly Entry[] {
  return entries.some(({ step }) => isVoid(step, resumed))
    ? entries.filter(({ step }) => !isVoid(step, resumed))
    : entries;
}

/** Lists the events that count, in order. States, log lines and the restarts themselves always stay. */
export function listCounting(events: readonly RunEvent[]): RunEvent[] {
  let counting: RunEvent[] = [];
  for (const event of events) {
    if (event.type === "resumed") counting = counting.filter((each) => !tellsOfStep(each) || !isVoid(each.step, event));
    counting.push(event);
  }
  return counting;
}

function tellsOfStep(event: RunEvent): event is Exclude<RunEvent, EventOf<"state" | "log" | "resumed">> {
  return "step" in event && event.type !== "resumed";
}
