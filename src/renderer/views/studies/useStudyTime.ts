import { computed, ref, shallowRef } from "vue";

import { isLongStudy } from "#shared/api/longJobs.ts";
import type { StudyTime } from "#shared/api/studies.ts";
import { formatEstimate } from "#renderer/format/duration.ts";
import { texts } from "#renderer/texts/texts.ts";

/** Says how long a study would take. */
export function toTimeWords({ seconds, isMeasured }: StudyTime): string {
  const time = formatEstimate(seconds);
  return isMeasured ? texts.studies.takes(time) : texts.studies.takesUsually(time);
}

/** Starts a study, and asks first where it would take more than a day; `estimate` tells how long it takes, and `begin` starts it. */
export function useLongStudy(estimate: () => Promise<StudyTime>, begin: () => Promise<void>) {
  const asked = shallowRef<StudyTime | null>(null);
  const asksLong = ref(false);
  return {
    asksLong,
    longText: computed(() => (asked.value === null ? "" : `${toTimeWords(asked.value)} ${texts.studies.longText}`)),
    start: async () => {
      const time = await estimate();
      if (!isLongStudy(time)) return begin();
      asked.value = time;
      asksLong.value = true;
    },
  };
}
