import { defineStore } from "pinia";
import { shallowRef } from "vue";

import type { Preferences } from "#shared/api/preferences.ts";
import { useLab } from "#renderer/lab/labApi.ts";
import { useLoading } from "#renderer/lab/useLoading.ts";
import { texts } from "#renderer/texts/texts.ts";

import { useToasts } from "./toasts.ts";

/** What the person wants of the program; null until the lab has told. */
export const usePreferences = defineStore("preferences", () => {
  const { lab, onUpdates } = useLab();
  const toasts = useToasts();
  const current = shallowRef<Preferences | null>(null);
  const { isLoaded, error, load } = useLoading(async () => {
    current.value = await lab.getPreferences();
  });
  onUpdates(({ stale }) => {
    if (stale.includes("preferences")) void load();
  });

  /** Shows a change at once and takes it back where the lab refuses it. */
  async function change(wanted: Partial<Preferences>): Promise<void> {
    const before = current.value;
    if (before !== null) current.value = { ...before, ...wanted };
    try {
      current.value = await lab.setPreferences(wanted);
    } catch (failure) {
      current.value = before;
      toasts.tellFailed(texts.settings.notSaved, failure);
    }
  }

  return { current, isLoaded, error, load, change };
});
