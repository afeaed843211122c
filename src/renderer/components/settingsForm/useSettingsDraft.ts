import { useTimeoutFn } from "@vueuse/core";
import { computed, type Ref, ref, shallowRef, watch } from "vue";

import type { CostEstimate, ResolvedSettings } from "#shared/api/settings.ts";
import type { SettingsKind } from "#shared/runs/settings.ts";
import type { Genotype } from "#shared/space/cells/genotype.ts";
import { genotypeHash } from "#shared/space/spaces/spaces.ts";
import { useLab } from "#renderer/lab/labApi.ts";

import { settingAt } from "./formFields.ts";

/** Typing pauses this long before the lab is asked. */
const PAUSE_MS = 250;

/** What a draft consists of: a preset or a text, and single values over it by dotted path. */
interface Parts {
  readonly preset: string | null;
  readonly yaml: string | null;
  readonly values: Readonly<Record<string, unknown>>;
}

const NO_PARTS: Parts = { preset: null, yaml: null, values: {} };

/**
 * A draft of settings that can be edited as a form and as YAML. The lab lays it over the defaults and says what is wrong and
 * what it would cost; while something is wrong the last sound settings stay on show. A training's cost and command need its genotype.
 */
export function useSettingsDraft(kind: SettingsKind, genotype: Readonly<Ref<Genotype | null>> = ref(null)) {
  const parts = shallowRef(NO_PARTS);
  const { resolved, sound, estimate, error, retry, settle } = useResolved(kind, parts, genotype);
  const change = (changed: Partial<Parts>): void => {
    parts.value = { ...parts.value, ...changed };
  };

  return {
    resolved,
    estimate,
    error,
    retry,
    /**
     * Asks the lab about the draft as it stands at this moment and resolves to the settings to start with, or to null where
     * something is wrong with them; what `resolved` holds may be older than the last keys. Throws a LabError.
     */
    settle,
    isSound: computed(() => resolved.value !== null && isSound(resolved.value)),
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
    choosePreset: (preset: string | null) => change({ ...NO_PARTS, preset }),
    setYaml: (yaml: string) => change({ ...NO_PARTS, yaml }),
  };
}

export type SettingsDraft = ReturnType<typeof useSettingsDraft>;

/** Asks the lab about the draft, soon after each change; an answer that a later question has overtaken is dropped. */
function useResolved(kind: SettingsKind, parts: Readonly<Ref<Parts>>, genotype: Readonly<Ref<Genotype | null>>) {
  const { lab, onConnected } = useLab();
  const resolved = shallowRef<ResolvedSettings | null>(null);
  const sound = shallowRef<ResolvedSettings | null>(null);
  const estimate = shallowRef<CostEstimate | null>(null);
  const error = ref<string | null>(null);
  let asked = 0;

  async function resolve(turn: number): Promise<ResolvedSettings> {
    const from = genotype.value === null ? null : genotypeHash(genotype.value);
    const answer = await lab.resolveSettings({ kind, ...parts.value, values: { ...parts.value.values }, from });
    if (turn === asked) {
      resolved.value = answer;
      error.value = null;
      if (answer.settings !== null) sound.value = answer;
    }
    return answer;
  }

  async function ask(): Promise<void> {
    const turn = ++asked;
    try {
      const { settings } = await resolve(turn);
      if (turn !== asked || settings === null || kind === "evaluation") return;
      const cost = await lab.estimateCost({ kind, settings, genotype: genotype.value });
      if (turn === asked) estimate.value = cost;
    } catch (failure) {
      if (turn === asked) error.value = failure instanceof Error ? failure.message : String(failure);
    }
  }

  async function settle(): Promise<ResolvedSettings["settings"]> {
    const answer = await resolve(asked);
    return isSound(answer) ? answer.settings : null;
  }

  // Stops with the form, where a debounced watcher would still ask.
  const { start: askSoon } = useTimeoutFn(() => void ask(), PAUSE_MS, { immediate: false });
  watch([parts, genotype], () => askSoon());
  onConnected(() => void ask());
  return { resolved, sound, estimate, error, retry: ask, settle };
}

function isSound({ settings, problems }: ResolvedSettings): boolean {
  return settings !== null && problems.length === 0;
}
