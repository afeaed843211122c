import { computed, type Ref, shallowRef, watch } from "vue";

import type { EvaluationDetail } from "#shared/api/evaluations.ts";
import { useLab } from "#renderer/lab/labApi.ts";
import { useFailure } from "#renderer/lab/useFailure.ts";

import type { SharedTest, WallPicture } from "./wallPicture.ts";

/** Loads the evaluations of a test that networks have in common, for their pictures and those pictures' figures. */
export function useSharedTest(test: Readonly<Ref<SharedTest | null>>) {
  const { lab } = useLab();
  const details = shallowRef<ReadonlyMap<string, EvaluationDetail>>(new Map());
  const { error, canRetry, fail, forget } = useFailure();

  async function load(wanted: SharedTest | null): Promise<void> {
    details.value = new Map();
    forget();
    if (wanted === null) return;
    try {
      const found = await Promise.all(
        [...wanted.evaluations].map(async ([runId, id]) => [runId, await lab.showEvaluation(id)] as const),
      );
      if (test.value?.key === wanted.key) details.value = new Map(found);
    } catch (failure) {
      fail(failure);
    }
  }

  // Evaluations that come in elsewhere make new objects of the same tests.
  watch(
    () => (test.value === null ? "" : [test.value.key, ...test.value.evaluations.values()].join(" ")),
    () => void load(test.value),
    { immediate: true },
  );

  const names = computed(() => [...details.value.values()][0]?.images.map(({ name }) => name) ?? []);
  return {
    error,
    canRetry,
    retry: () => load(test.value),
    names,
    /** PSNR in dB of a whole picture by a network; null where it is not known. */
    wholePsnrOf: (runId: string, name: string): number | null =>
      details.value.get(runId)?.images.find((image) => image.name === name)?.denoised.psnrDb ?? null,
    pictureOf: (name: string): WallPicture | null =>
      test.value === null || !names.value.includes(name)
        ? null
        : { kind: "evaluation", name, evaluations: test.value.evaluations },
  };
}
