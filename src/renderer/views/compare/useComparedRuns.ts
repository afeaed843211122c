import { onScopeDispose, type Ref, shallowRef, watch } from "vue";

import type { LabClient } from "#shared/api/contract.ts";
import type { RunSnapshot } from "#shared/api/runs.ts";
import { letPass } from "#shared/labError.ts";
import { tellFailure } from "#renderer/lab/inWords.ts";
import { useLab } from "#renderer/lab/labApi.ts";
import { addEvents, createRunHistory, type RunHistory } from "#renderer/run/runHistory.ts";
import type { ReadHistory } from "#renderer/run/stepCurves.ts";
import { readWholeSteps } from "#renderer/run/wholeSteps.ts";

type Setup = RunSnapshot["setup"];

/** A run that is compared: what it began with, and what happened in it so far. */
export interface FollowedRun<S extends Setup> {
  readonly setup: S;
  readonly history: RunHistory;
}
/** A training that is compared. */
export type ComparedRun = FollowedRun<Extract<Setup, { kind: "train" }>>;

/** Enough for curves that lie over each other. */
const POINTS = 1_000;

/** Follows the trainings of these ids as long as they are wanted; what cannot be read is told by its id. */
export function useComparedRuns(ids: Readonly<Ref<readonly string[]>>) {
  return useFollowedRuns(ids, (setup) => (setup.kind === "train" ? setup : null));
}

/** Follows the searches of these ids, as `useComparedRuns` does trainings. */
export function useComparedSearches(ids: Readonly<Ref<readonly string[]>>) {
  return useFollowedRuns(ids, (setup) => (setup.kind === "search" ? setup : null));
}

/** Runs that `pick` returns null for are of another kind. */
function useFollowedRuns<S extends Setup>(ids: Readonly<Ref<readonly string[]>>, pick: (setup: Setup) => S | null) {
  const { lab, onConnected, onUpdates } = useLab();
  const runs = shallowRef<ReadonlyMap<string, FollowedRun<S>>>(new Map());
  const errors = shallowRef<ReadonlyMap<string, string>>(new Map());
  let followed: ReadonlySet<string> = new Set();

  async function follow(id: string): Promise<void> {
    try {
      const snapshot = await lab.followRun({ id, points: POINTS });
      const setup = pick(snapshot.setup);
      if (!followed.has(id) || setup === null) return;
      runs.value = new Map(runs.value).set(id, { setup, history: createRunHistory(snapshot) });
    } catch (failure) {
      errors.value = new Map(errors.value).set(id, tellFailure(failure));
    }
  }

  function unfollow(id: string): void {
    // The lab forgets by itself what a lost connection followed.
    lab.unfollowRun(id).catch(letPass("interrupted"));
  }

  function followAll(next: readonly string[], isNewConnection: boolean): void {
    const before = followed;
    followed = new Set(next);
    for (const id of before) if (!followed.has(id)) unfollow(id);
    runs.value = new Map([...runs.value].filter(([id]) => followed.has(id)));
    errors.value = new Map([...errors.value].filter(([id]) => followed.has(id) && !isNewConnection));
    for (const id of next) if (isNewConnection || !before.has(id)) void follow(id);
  }

  onUpdates(({ news }) => {
    for (const { id, events } of news) {
      const run = runs.value.get(id);
      if (run === undefined) continue;
      runs.value = new Map(runs.value).set(id, { ...run, history: addEvents(run.history, events) });
    }
  });
  onConnected(() => followAll(ids.value, true));
  watch(ids, (next) => followAll(next, false));
  onScopeDispose(() => {
    for (const id of followed) unfollow(id);
  });

  return { runs, errors };
}

/** Reads every step of several runs, by id, of which a window keeps some. Throws LabError. */
export async function readWholeRuns(
  lab: Pick<LabClient, "readRunSteps">,
  histories: ReadonlyMap<string, ReadHistory>,
): Promise<ReadonlyMap<string, ReadHistory>> {
  const whole = [...histories].map(async ([id, { startMs, steps }]) => {
    const read = await readWholeSteps(lab, id, steps.step.at(-1) ?? 0);
    return [id, { startMs, steps: read }] as const;
  });
  return new Map(await Promise.all(whole));
}
