import { computed, ref } from "vue";

import type { EvaluationSummary, Model } from "#shared/api/evaluations.ts";
import { ACTIVE_TASK_STATES } from "#shared/api/tasks.ts";
import { SAMPLE_SET } from "#shared/image/sampleSet.ts";
import { type EvaluationConfig, evaluationConfigSchema } from "#shared/runs/config.ts";
import { listMissingSigmas, ROBUSTNESS_SIGMAS } from "#shared/runs/robustness.ts";
import { useLab } from "#renderer/lab/labApi.ts";
import { useDatasets } from "#renderer/stores/datasets.ts";
import { useEvaluations } from "#renderer/stores/evaluations.ts";
import { useTasks } from "#renderer/stores/tasks.ts";
import { useToasts } from "#renderer/stores/toasts.ts";
import { texts } from "#renderer/texts/texts.ts";

import { toTests } from "./robustnessLines.ts";

/** What is to be measured. */
export interface RobustnessWish {
  /** Null for the photos that each network's training kept for its test. */
  readonly dataset: string | null;
  /** Null for all photos. */
  readonly maxPhotos: number | null;
  /** A set of camera pairs; null for none. */
  readonly pairs: string | null;
}

/** Measures networks at every level that they were not measured at. */
export function useRobustnessJob() {
  const { lab } = useLab();
  const datasets = useDatasets();
  const evaluations = useEvaluations();
  const tasks = useTasks();
  const toasts = useToasts();
  const started = ref<readonly string[]>([]);
  const isStarting = ref(false);

  function countPhotos(dataset: string): number {
    return datasets.all.find(({ name }) => name === dataset)?.photos ?? SAMPLE_SET.photos;
  }

  /**
   * Begins what is missing; `kept` are the sizes of the networks' own test parts. The classical methods get the same noisy pixels
   * whatever the network, so that the first of its channels brings them.
   */
  async function start(
    models: readonly Model[],
    wish: RobustnessWish,
    kept: ReadonlyMap<string, number>,
  ): Promise<void> {
    isStarting.value = true;
    try {
      const seen = new Set<number>();
      const ids: string[] = [];
      for (const model of models) {
        const isFirst = !seen.has(model.imageChannels);
        seen.add(model.imageChannels);
        const photos = wish.dataset === null ? kept.get(model.id) : countPhotos(wish.dataset);
        const configs = listConfigs(evaluations.all, model, { ...wish, photos: photos ?? 0 }, isFirst); // none was kept
        if (configs.length === 0) continue;
        const task = await lab.startEvaluation({ model: model.id, configs: [...configs] });
        tasks.put(task);
        ids.push(task.id);
      }
      started.value = ids;
      if (ids.length === 0) toasts.tellDone(texts.compare.robustness.nothingMissing);
    } catch (failure) {
      toasts.tellFailed(texts.train.notMeasured, failure);
    } finally {
      isStarting.value = false;
    }
  }

  const own = computed(() => started.value.flatMap((id) => tasks.find(id) ?? [])); // dismissed ones are gone
  return {
    start,
    isStarting,
    isAtWork: computed(() => own.value.some(({ state }) => ACTIVE_TASK_STATES.has(state))),
    /** 0..1 over all networks. */
    share: computed(() => {
      const shares = own.value.map(({ state, progress }) =>
        ACTIVE_TASK_STATES.has(state) ? (progress?.share ?? 0) : 1,
      );
      return shares.reduce((sum, each) => sum + each, 0) / Math.max(1, shares.length);
    }),
  };
}

/** Lists a test for each level that a network lacks, where there are photos for it, and one for the pairs. */
export function listConfigs(
  evaluations: readonly EvaluationSummary[],
  { id, dataset: own }: Pick<Model, "id" | "dataset">,
  { dataset, maxPhotos, pairs, photos: all }: RobustnessWish & { readonly photos: number },
  withBaselines: boolean,
): readonly EvaluationConfig[] {
  const tests = toTests(evaluations);
  const of = (name: string) => ({ dataset: name, ...(maxPhotos === null ? {} : { maxPhotos }) });
  const part = dataset === null ? "test" : "all";
  const photos = Math.min(all, maxPhotos ?? all);
  const wanted = { network: id, dataset: dataset ?? own, photos, part } as const;
  const missing = photos === 0 ? [] : listMissingSigmas(tests, wanted, ROBUSTNESS_SIGMAS);
  const levels = missing.map((sigma255) => ({
    data: { ...of(wanted.dataset), part },
    noise: { kind: "gaussian", sigma255 },
  }));
  const hasPairs = tests.some(
    (each) => each.network === id && each.dataset === pairs && each.recipe.noise === "paired",
  );
  const onPairs = pairs === null || hasPairs ? [] : [{ data: of(pairs), noise: { kind: "paired" } }];
  return [...levels, ...onPairs].map((config) => evaluationConfigSchema.parse({ ...config, baselines: withBaselines }));
}
