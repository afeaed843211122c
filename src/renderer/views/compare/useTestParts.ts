import { type Ref, shallowRef, watch } from "vue";

import type { Model } from "#shared/api/evaluations.ts";
import { useLab } from "#renderer/lab/labApi.ts";
import { useToasts } from "#renderer/stores/toasts.ts";
import { texts } from "#renderer/texts/texts.ts";

/** By network, how many photos its training kept for a test; networks that kept none are not among them. */
export function useTestParts(models: Readonly<Ref<readonly Model[]>>): Readonly<Ref<ReadonlyMap<string, number>>> {
  const { lab } = useLab();
  const toasts = useToasts();
  const parts = shallowRef<ReadonlyMap<string, number>>(new Map());

  async function countKept({ id, runId }: Model): Promise<readonly (readonly [string, number])[]> {
    const test = runId === null ? undefined : (await lab.readRunSplit(runId))?.parts.test;
    return test === undefined ? [] : [[id, test.length]];
  }

  async function load(wanted: readonly Model[]): Promise<void> {
    try {
      const found = (await Promise.all(wanted.map(countKept))).flat();
      if (models.value === wanted) parts.value = new Map(found);
    } catch (failure) {
      toasts.tellFailed(texts.cockpit.split.notRead, failure);
    }
  }

  watch(models, load, { immediate: true });
  return parts;
}
