import { useIntervalFn } from "@vueuse/core";
import { type Ref, shallowRef } from "vue";

const MINUTE_MS = 60_000;

/** Returns the present moment, looked at once a minute while the component is shown. */
export function useMinute(): Readonly<Ref<Date>> {
  const now = shallowRef(new Date());
  useIntervalFn(() => (now.value = new Date()), MINUTE_MS);
  return now;
}
