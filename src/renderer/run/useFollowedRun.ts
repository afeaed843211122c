import { onScopeDispose, readonly, ref, shallowRef } from "vue";

import type { RunSnapshot } from "#shared/api/runs.ts";
import { letPass } from "#shared/labError.ts";
import type { Curve } from "#renderer/components/curves/curve.ts";
import { canHelpToRetry } from "#renderer/lab/inWords.ts";
import { useLab } from "#renderer/lab/labApi.ts";
import { useRuns } from "#renderer/stores/runs.ts";

import { addEvents, createRunHistory, type RunHistory } from "./runHistory.ts";
import type { ToCurves } from "./stepCurves.ts";
import { readWholeSteps } from "./wholeSteps.ts";
import type { XAxis } from "./xAxis.ts";

/** Follows a run while the component is shown: as it is, and what happens from then on, also after a lost connection. */
export function useFollowedRun(id: string) {
  const { lab, onConnected, onUpdates } = useLab();
  const runs = useRuns();
  const snapshot = shallowRef<RunSnapshot | null>(null);
  const history = shallowRef<RunHistory | null>(null);
  const error = ref<string | null>(null);
  /** False where asking again would bring the same answer. */
  const canRetry = ref(true);

  async function follow(): Promise<void> {
    try {
      const begun = await lab.followRun({ id });
      runs.put(begun.run);
      snapshot.value = begun;
      history.value = createRunHistory(begun);
      error.value = null;
    } catch (failure) {
      error.value = failure instanceof Error ? failure.message : String(failure);
      canRetry.value = canHelpToRetry(failure);
    }
  }

  onUpdates(({ news }) => {
    for (const { id: about, events } of news) {
      if (about !== id || history.value === null) continue;
      history.value = addEvents(history.value, events);
    }
  });
  onConnected(() => void follow());
  onScopeDispose(() => {
    // The lab forgets by itself what a lost connection followed.
    lab.unfollowRun(id).catch(letPass("interrupted"));
  });

  /** Lays out every step of the run; throws LabError where the lab cannot be asked. */
  async function readWhole(toCurves: ToCurves, axis: XAxis): Promise<readonly Curve[]> {
    const known = history.value;
    if (known === null) return [];
    const steps = await readWholeSteps(lab, id, known.steps.step.at(-1) ?? 0);
    return toCurves({ ...known, steps }, axis);
  }

  return { snapshot, history, error: readonly(error), canRetry: readonly(canRetry), retry: follow, readWhole };
}
