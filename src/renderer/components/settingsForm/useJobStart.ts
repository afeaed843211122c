import { computed, ref, shallowRef } from "vue";
import { useRouter } from "vue-router";

import { isLong, needsTiming } from "#shared/api/longJobs.ts";
import type { RunSummary } from "#shared/api/runs.ts";
import type { CostEstimate } from "#shared/api/settings.ts";
import type { SettingsKind } from "#shared/runs/settings.ts";
import type { AnyGenotype } from "#shared/space/spaces/spaces.ts";
import { formatDuration } from "#renderer/format/duration.ts";
import { useLab } from "#renderer/lab/labApi.ts";
import { toRunPath } from "#renderer/routing/paths.ts";
import { useRuns } from "#renderer/stores/runs.ts";
import { useToasts } from "#renderer/stores/toasts.ts";
import { texts } from "#renderer/texts/texts.ts";

import type { SettingsDraft } from "./useSettingsDraft.ts";

interface JobStart {
  readonly kind: Exclude<SettingsKind, "evaluation">;
  readonly draft: SettingsDraft;
  readonly getGenotype: () => AnyGenotype | null;
  readonly begin: (settings: unknown) => Promise<RunSummary>;
  /** What a failure is called. */
  readonly notStarted: string;
}

/** Starts what a form describes and leads to its page; asks first where it would take more than a day. */
export function useJobStart({ kind, draft, getGenotype, begin, notStarted }: JobStart) {
  const { lab } = useLab();
  const runs = useRuns();
  const toasts = useToasts();
  const router = useRouter();
  const isStarting = ref(false);
  const asksLong = ref(false);
  /** The settings that are or were asked about last, with what they would cost. */
  const asked = shallowRef<{ readonly settings: unknown; readonly estimate: CostEstimate } | null>(null);

  /** Null where it cannot be estimated: the start itself says best what is wrong. */
  async function judge(settings: unknown): Promise<CostEstimate | null> {
    const job = { kind, settings, genotype: getGenotype() };
    const rough = await lab.estimateCost(job).catch(() => null);
    return rough !== null && needsTiming(rough) ? lab.timeJob(job).catch(() => rough) : rough;
  }

  async function go(settings: unknown): Promise<void> {
    const run = await begin(settings);
    runs.put(run);
    await router.push(toRunPath(run));
  }

  async function attempt(work: () => Promise<void>): Promise<void> {
    isStarting.value = true;
    try {
      await work();
    } catch (failure) {
      toasts.tellFailed(notStarted, failure);
    } finally {
      isStarting.value = false;
    }
  }

  return {
    isStarting,
    start: () =>
      attempt(async () => {
        const settings = await draft.settle();
        if (settings === null) return;
        const estimate = await judge(settings);
        if (estimate === null || !isLong(estimate)) return go(settings);
        asked.value = { settings, estimate };
        asksLong.value = true;
      }),
    /** Whether it is asked if a long job shall start. */
    asksLong,
    longText: computed(() => {
      const seconds = asked.value?.estimate.totalSeconds ?? null;
      return seconds === null ? texts.search.long.unknown : texts.search.long.text(formatDuration(seconds));
    }),
    startLong: () => {
      const settings = asked.value?.settings;
      return attempt(async () => {
        if (settings !== undefined) await go(settings);
      });
    },
  };
}
