import { usePreferredDark, useStorage } from "@vueuse/core";
import { defineStore } from "pinia";
import { computed, watch, watchEffect } from "vue";

import type { Preferences } from "#shared/api/preferences.ts";
import type { ThemeName } from "#shared/space/drawing/primitiveColours.ts";
import { usePreferences } from "./preferences.ts";

export type ThemeChoice = Preferences["theme"];

/** The colours of the window. The last choice is kept in the window too, so that it opens in the right ones at once. */
export const useTheme = defineStore("theme", () => {
  const preferences = usePreferences();
  const isDarkSystem = usePreferredDark();
  const choice = useStorage<ThemeChoice>("hinas.theme", "system");
  const name = computed((): ThemeName => {
    if (choice.value === "system") return isDarkSystem.value ? "dark" : "light";
    return choice.value;
  });

  watch(
    () => preferences.current?.theme,
    (theme) => {
      if (theme !== undefined) choice.value = theme;
    },
  );
  watchEffect(() => {
    document.documentElement.dataset["theme"] = name.value;
  });

  function choose(theme: ThemeChoice): void {
    choice.value = theme;
    void preferences.change({ theme });
  }

  return { choice, name, choose };
});
