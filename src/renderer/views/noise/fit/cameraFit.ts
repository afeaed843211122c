import { defineStore } from "pinia";
import { computed, ref, shallowRef } from "vue";

import { type CameraFit, type FitWay, MOST_SHOTS } from "#shared/image/cameraFit/fitCamera.ts";
import { useSending } from "#renderer/files/useSending.ts";
import { useLab } from "#renderer/lab/labApi.ts";

/** What is fitted is still there when one comes back to the page. */
export const useCameraFit = defineStore("cameraFit", () => {
  const { lab } = useLab();
  const { sending, send } = useSending();
  const files = shallowRef<readonly string[]>([]);
  /** "auto" leaves it to the photos. */
  const way = ref<FitWay | "auto">("auto");
  const fit = shallowRef<CameraFit | null>(null);
  const error = shallowRef<string | null>(null);
  const isMeasuring = ref(false);
  /** The name under which this fit was kept. */
  const savedAs = ref<string | null>(null);
  let asked = 0;

  async function measure(): Promise<void> {
    const turn = ++asked;
    isMeasuring.value = true;
    error.value = null;
    savedAs.value = null;
    try {
      const found = await lab.fitCamera({ files: [...files.value], way: way.value === "auto" ? null : way.value });
      if (turn === asked) fit.value = found;
    } catch (failure) {
      if (turn !== asked) return;
      fit.value = null;
      error.value = failure instanceof Error ? failure.message : String(failure);
    } finally {
      if (turn === asked) isMeasuring.value = false;
    }
  }

  async function take(paths: readonly string[]): Promise<void> {
    if (paths.length === 0) return;
    files.value = paths.slice(0, MOST_SHOTS);
    way.value = "auto";
    fit.value = null;
    await measure();
  }

  return {
    files,
    names: computed(() => files.value.map((file) => file.split(/[/\\]/).at(-1) ?? file)),
    way,
    fit,
    error,
    sending,
    isMeasuring,
    savedAs,
    measure,
    take,
    /** Photos that a browser has: they are sent to the lab's computer first. */
    sendAndTake: async (photos: readonly File[]) => take(await send(photos)),
    takeAs: (wanted: FitWay | "auto") => {
      way.value = wanted;
      void measure();
    },
  };
});
