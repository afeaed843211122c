import { useTimeoutFn } from "@vueuse/core";
import { computed, type Ref, ref, shallowRef, watch } from "vue";

import type { CostEstimate, ResolvedSettings } from "#shared/api/settings.ts";
import type { SettingsKind } from "#shared/runs/settings.ts";
import { type AnyGenotype, genotypeHash } from "#shared/space/spaces/spaces.ts";
import { useLab } from "#renderer/lab/labApi.ts";
import { useFailure } from "#renderer/lab/useFailure.ts";

import { settingAt } from "./formFields.ts";

/** Typing pauses this long before the lab is asked. */
const PAUSE_MS = 250;
/** And this long before the job's own steps are timed. */
const TIMING_PAUSE_MS = 1_500;

/** What a draft consists of: a preset or a text, and single values over it by dotted path. */
export interface DraftParts {
  readonly preset: string | null;
  readonly yaml: string | null;
  readonly values: Readonly<Record<string, unknown>>;
}

const NO_PARTS: DraftParts = { preset: null, yaml: null, values: {} };

/** The job as the lab is asked about it. */
type JobKind = Exclude<SettingsKind, "evaluation">;

/**
 * A draft of settings that can be edited as a form and as YAML. The lab lays it over the defaults and says what is wrong and
 * what it would cost; while something is wrong the last sound settings stay on show. A training's cost and command need its genotype.
 * Until something is entered the draft is what `start` says, whose seed, data set and noise stay when another preset is chosen.
 */
export function useSettingsDraft(
  kind: SettingsKind,
  genotype: Readonly<Ref<AnyGenotype | null>> = ref(null),
  start: Readonly<Ref<DraftParts>> = ref(NO_PARTS),
) {
  const entered = shallowRef<DraftParts | null>(null);
  const parts = computed(() => entered.value ?? start.value);
  const { resolved, sound, estimate, isTiming, error, canRetry, retry, settle } = useResolved(kind, parts, genotype);
  const change = (changed: Partial<DraftParts>): void => {
    entered.value = { ...parts.value, ...changed };
  };

  return {
    resolved,
    estimate,
    /** True while the job's own steps are timed. */
    isTiming,
    error,
    canRetry,
    retry,
    /**
     * Asks the lab about the draft as it stands at this moment and resolves to the settings to start with, or to null where
     * something is wrong with them; what `resolved` holds may be older than the last keys. Throws a LabError.
     */
    settle,
    isSound: computed(() => resolved.value !== null && soundSettings(resolved.value) !== null),
    problems: computed(() => resolved.value?.problems ?? []),
    /** The chosen preset; null for the defaults, undefined for a YAML text of the person's own. */
    preset: computed(() => (parts.value.yaml === null ? parts.value.preset : undefined)),
    /** What was typed, as long as it says everything; else what the lab makes of all parts. */
    yaml: computed(() => {
      const { yaml, values } = parts.value;
      return yaml !== null && Object.keys(values).length === 0 ? yaml : (sound.value?.yaml ?? "");
    }),
    command: computed(() => sound.value?.command ?? ""),
    /** What a field shows: what was entered last, or what the settings are. */
    valueAt: (path: string): unknown =>
      path in parts.value.values ? parts.value.values[path] : settingAt(sound.value?.settings, path),
    /** Undefined leaves a setting to the preset or the default. */
    set: (path: string, value: unknown) => {
      const others = Object.entries(parts.value.values).filter(([other]) => other !== path);
      change({ values: Object.fromEntries(value === undefined ? others : [...others, [path, value]]) });
    },
    choosePreset: (preset: string | null) => change({ yaml: null, preset, values: pickCarried(start.value.values) }),
    setYaml: (yaml: string) => change({ ...NO_PARTS, yaml }),
  };
}

/** Settings that belong to a person's photos, whatever preset is chosen for them. */
const CARRIED = ["seed", "data.", "noise."];

/** Picks the seed, data set and noise of settings by dotted path. */
export function pickCarried(values: DraftParts["values"]): DraftParts["values"] {
  return Object.fromEntries(Object.entries(values).filter(([path]) => CARRIED.some((start) => path.startsWith(start))));
}

export type SettingsDraft = ReturnType<typeof useSettingsDraft>;

/** Asks the lab about the draft, soon after each change; an answer that a later question has overtaken is dropped. */
function useResolved(
  kind: SettingsKind,
  parts: Readonly<Ref<DraftParts>>,
  genotype: Readonly<Ref<AnyGenotype | null>>,
) {
  const { lab, onConnected } = useLab();
  const resolved = shallowRef<ResolvedSettings | null>(null);
  const sound = shallowRef<ResolvedSettings | null>(null);
  const estimate = shallowRef<CostEstimate | null>(null);
  const { error, canRetry, fail, forget } = useFailure();
  const { isTiming, timeJob } = useTiming();
  let asked = 0;

  async function resolve(turn: number): Promise<ResolvedSettings> {
    const from = genotype.value === null ? null : genotypeHash(genotype.value);
    const answer = await lab.resolveSettings({ kind, ...parts.value, values: { ...parts.value.values }, from });
    if (turn === asked) {
      resolved.value = answer;
      forget();
      if (answer.settings !== null) sound.value = answer;
    }
    return answer;
  }

  async function ask(): Promise<void> {
    const turn = ++asked;
    try {
      const { settings } = await resolve(turn);
      if (turn !== asked || settings === null || kind === "evaluation") return;
      if (kind === "train" && genotype.value === null) return;
      const cost = await lab.estimateCost({ kind, settings, genotype: genotype.value });
      if (turn !== asked) return;
      estimate.value = cost;
      if (!cost.basis.isSameSize && cost.basis.timed === null) timeSoon(turn, kind, settings);
    } catch (failure) {
      if (turn === asked) fail(failure);
    }
  }

  async function time(turn: number, jobKind: JobKind, settings: unknown): Promise<void> {
    if (turn !== asked || isTiming.value) return;
    const timed = await timeJob({ kind: jobKind, settings, genotype: genotype.value });
    if (turn !== asked) askSoon();
    else if (timed !== null) estimate.value = timed;
  }

  const settle = async (): Promise<ResolvedSettings["settings"]> => soundSettings(await resolve(asked));

  // Stops with the form, where a debounced watcher would still ask.
  const { start: askSoon } = useTimeoutFn(() => void ask(), PAUSE_MS, { immediate: false });
  const { start: timeSoon } = useTimeoutFn(
    (turn: number, jobKind: JobKind, settings: unknown) => void time(turn, jobKind, settings),
    TIMING_PAUSE_MS,
    { immediate: false },
  );
  watch([parts, genotype], () => askSoon());
  onConnected(() => void ask());
  return { resolved, sound, estimate, isTiming, error, canRetry, retry: ask, settle };
}

/** Lets the engine time a job; null where that fails, for what the time rests on otherwise is told already. */
function useTiming() {
  const { lab } = useLab();
  const isTiming = ref(false);
  async function timeJob(job: Parameters<typeof lab.timeJob>[0]): Promise<CostEstimate | null> {
    isTiming.value = true;
    try {
      return await lab.timeJob(job).catch(() => null);
    } finally {
      isTiming.value = false;
    }
  }
  return { isTiming, timeJob };
}

function soundSettings({ settings, problems }: ResolvedSettings): ResolvedSettings["settings"] {
  return problems.length === 0 ? settings : null;
}
