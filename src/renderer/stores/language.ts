import { defineStore } from "pinia";
import { watch } from "vue";

import type { Language } from "#shared/api/preferences.ts";
import { useLab } from "#renderer/lab/labApi.ts";
import { keepLanguage, readLanguage } from "#renderer/texts/language.ts";
import { texts } from "#renderer/texts/texts.ts";

import { usePreferences } from "./preferences.ts";
import { useToasts } from "./toasts.ts";

/** The language of the window. Texts are chosen as it opens, so that another language opens it anew. */
export const useLanguage = defineStore("language", () => {
  const { lab } = useLab();
  const preferences = usePreferences();
  const toasts = useToasts();

  function show(language: Language): void {
    if (keepLanguage(language)) window.location.reload();
  }

  /** The lab keeps it first: a window that opens anew before that would ask for the language of before. */
  async function choose(language: Language): Promise<void> {
    try {
      await lab.setPreferences({ language });
      show(language);
    } catch (failure) {
      toasts.tellFailed(texts.settings.notSaved, failure);
    }
  }

  watch(
    () => preferences.current?.language,
    (language) => {
      if (language !== undefined) show(language);
    },
  );

  return { current: readLanguage(), choose };
});
