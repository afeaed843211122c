import { computed, onScopeDispose, type Ref, ref, shallowRef, watch } from "vue";

import type { CostEstimate, ResolvedSettings } from "#shared/api/settings.ts";
import type { SettingsKind } from "#shared/runs/settings.ts";
import type { Genotype } from "#shared/space/genotype.ts";
import { useLab } from "#renderer/labApi.ts";

import { settingAt } from "./settingAt.ts";

/** Typing pauses this long before the lab is asked. */
const PAUSE_MS = 250;

/** What the draft rests on: a preset or a text, and single values over it. */
interface Base {
  readonly preset: string | null;
  readonly yaml: string | null;
}

/**
 * A draft of settings that can be edited as a form and as YAML. The lab lays it over the defaults and says what is wrong and
 * what it would cost; while something is wrong the last sound settings stay on show.
 */
export function useSettingsDraft(kind: SettingsKind, genotype: Readonly<Ref<Genotype | null>> = ref(null)) {
  const { lab, onConnected } = useLab();
  const base = shallowRef<Base>({ preset: null, yaml: null });
  const values = shallowRef<Readonly<Record<string, unknown>>>({});
  const resolved = shallowRef<ResolvedSettings | null>(null);
  const sound = shallowRef<ResolvedSettings | null>(null);
  const estimate = shallowRef<CostEstimate | null>(null);
  const error = ref<string | null>(null);
  let asked = 0;
  let timer: ReturnType<typeof setTimeout> | null = null;

  async function resolve(): Promise<void> {
    const turn = ++asked;
    try {
      const answer = await lab.resolveSettings({ kind, ...base.value, values: { ...values.value } });
      if (turn !== asked) return;
      resolved.value = answer;
      error.value = null;
      if (answer.settings === null) return;
      sound.value = answer;
      if (kind === "evaluation") return;
      const cost = await lab.estimateCost({ kind, settings: answer.settings, genotype: genotype.value });
      if (turn === asked) estimate.value = cost;
    } catch (failure) {
      if (turn === asked) error.value = failure instanceof Error ? failure.message : String(failure);
    }
  }

  function resolveSoon(): void {
    if (timer !== null) clearTimeout(timer);
    timer = setTimeout(() => void resolve(), PAUSE_MS);
  }

  watch([base, values, genotype], resolveSoon);
  onConnected(() => void resolve());
  onScopeDispose(() => {
    if (timer !== null) clearTimeout(timer);
  });

  return {
    base,
    values,
    resolved,
    estimate,
    error,
    retry: resolve,
    /** The settings to start with; null while something is wrong or not yet known. */
    settings: computed(() => resolved.value?.settings ?? null),
    problems: computed(() => resolved.value?.problems ?? []),
    yaml: computed(() => base.value.yaml ?? sound.value?.yaml ?? ""),
    command: computed(() => sound.value?.command ?? ""),
    /** What a field shows: what was entered last, or what the settings are. */
    valueAt: (path: string): unknown =>
      path in values.value ? values.value[path] : settingAt(sound.value?.settings, path),
    set: (path: string, value: unknown) => {
      const { [path]: _replaced, ...others } = values.value;
      values.value = value === undefined ? others : { ...others, [path]: value };
    },
    choosePreset: (preset: string | null) => {
      base.value = { preset, yaml: null };
      values.value = {};
    },
    setYaml: (yaml: string) => {
      base.value = { preset: null, yaml };
      values.value = {};
    },
  };
}

export type SettingsDraft = ReturnType<typeof useSettingsDraft>;
