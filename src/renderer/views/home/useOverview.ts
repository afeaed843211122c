import { useIntervalFn } from "@vueuse/core";
import { shallowRef } from "vue";

import type { Overview } from "#shared/api/home.ts";
import { useLab } from "#renderer/lab/labApi.ts";
import { useLoading } from "#renderer/lab/useLoading.ts";

/** How often the load of the computer is looked at while it is shown. */
const LOOK_MS = 3000;

/** What the lab is at, looked at again and again while the component is shown. */
export function useOverview() {
  const { lab } = useLab();
  const overview = shallowRef<Overview | null>(null);
  const { error, load } = useLoading(async () => {
    overview.value = await lab.getOverview();
  });
  useIntervalFn(() => void load(), LOOK_MS);
  return { overview, error, load };
}
