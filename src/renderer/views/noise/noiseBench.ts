import { watchDebounced } from "@vueuse/core";
import { defineStore } from "pinia";
import { shallowRef } from "vue";

import type { NoiseFigures } from "#shared/api/noise.ts";
import { useLab } from "#renderer/lab/labApi.ts";
import { useFailure } from "#renderer/lab/useFailure.ts";

import { type Bench, type BenchSubject, takeDefaults, toSubject } from "./bench.ts";

/** Sliding and typing pause this long before the lab is asked. */
const PAUSE_MS = 150;

/** What stands on the noise bench, with what the lab says of it; it is still there when one comes back. */
export const useNoiseBench = defineStore("noiseBench", () => {
  const { lab } = useLab();
  const bench = shallowRef<Bench>(takeDefaults({ view: "photo", dataset: "sample", photo: null }, "train"));
  /** What the pictures and figures on show are of; it follows the bench after a moment. */
  const subject = shallowRef<BenchSubject | null>(null);
  const figures = shallowRef<NoiseFigures | null>(null);
  const { error, canRetry, fail, forget } = useFailure();
  let asked = 0;

  async function measure(): Promise<void> {
    const turn = ++asked;
    try {
      const wanted = toSubject(await withPhoto(bench.value));
      if (turn !== asked || wanted === null) return;
      const measured = await (wanted.kind === "noise" ? lab.measureNoise(wanted.of) : lab.measurePatch(wanted.of));
      if (turn !== asked) return;
      // Pictures of what cannot be measured are not asked for.
      subject.value = wanted;
      figures.value = measured;
      forget();
    } catch (failure) {
      if (turn !== asked) return;
      figures.value = null;
      fail(failure);
    }
  }

  /** The first photo is taken where none was chosen. */
  async function withPhoto(wanted: Bench): Promise<Bench> {
    if (wanted.photo !== null || wanted.view === "patch") return wanted;
    const { photos } = await lab.listDatasetPhotos({ dataset: wanted.dataset, offset: 0, limit: 1 });
    const photo = photos[0]?.name ?? null;
    if (bench.value === wanted) bench.value = { ...wanted, photo };
    return { ...wanted, photo };
  }

  watchDebounced(bench, () => void measure(), { debounce: PAUSE_MS });

  return {
    bench,
    subject,
    figures,
    error,
    canRetry,
    measure,
    change: (changed: Partial<Bench>) => {
      bench.value = { ...bench.value, ...changed };
    },
    changePatch: (changed: Partial<Bench["patch"]>) => {
      bench.value = { ...bench.value, patch: { ...bench.value.patch, ...changed } };
    },
  };
});
