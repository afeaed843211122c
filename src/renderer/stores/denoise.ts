import { useStorage } from "@vueuse/core";
import { defineStore } from "pinia";
import { computed, ref, shallowRef } from "vue";

import type { DenoiseRequest } from "#shared/api/denoising.ts";
import type { Noise } from "#shared/image/noise.ts";
import type { DroppedRoot } from "#renderer/files/droppedFiles.ts";
import { useSending } from "#renderer/files/useSending.ts";
import { useLab } from "#renderer/lab/labApi.ts";
import { useSessionItems } from "#renderer/lab/useSessionItems.ts";
import { texts } from "#renderer/texts/texts.ts";

import { useModels } from "./models.ts";
import { useTasks } from "./tasks.ts";
import { useToasts } from "./toasts.ts";

/** Networks that one photo can be given at once. */
export const MOST_MODELS = 6;

export type FolderSaving = Extract<DenoiseRequest["output"], { kind: "folder" }>;

/** What is being denoised and what came of it; it outlives the room, for photos can be dropped in any. */
export const useDenoise = defineStore("denoise", () => {
  const { lab } = useLab();
  const tasks = useTasks();
  const toasts = useToasts();

  const { picked, chosenModels, canChoose } = useChosenModels();
  const models = useModels();
  const addNoise = shallowRef<Noise | null>(null);
  /** How much of the denoising is shown and saved: 0 is the photo as it came, 1 the result. */
  const strength = ref(1);
  const selected = ref<{ readonly task: string; readonly source: string } | null>(null);

  const sessions = computed(() => tasks.all.filter(({ kind }) => kind === "denoise"));
  const { items, put: putItem } = useSessionItems(() => sessions.value);
  const { sending, send, cancelSending } = useSending();

  /** Tells whether it began; why not is told in the corner. */
  async function start(inputs: DenoiseRequest["inputs"], output?: FolderSaving): Promise<boolean> {
    if (models.all.length === 0) {
      toasts.tellFailed(texts.denoise.notStarted, texts.denoise.noModelText);
      return false;
    }
    try {
      const request = { models: [...chosenModels.value], inputs, addNoise: addNoise.value };
      const task = await lab.startDenoise(output === undefined ? request : { ...request, output });
      tasks.put(task);
      selected.value = null;
      return true;
    } catch (failure) {
      toasts.tellFailed(texts.denoise.notStarted, failure);
      return false;
    }
  }

  async function sendAndStart(photos: readonly File[]): Promise<void> {
    const paths = await send(photos);
    if (paths.length > 0) await start([...paths]);
  }

  return {
    sessions,
    /** The process that denoises starts while photos are chosen. Where it cannot, the first photo tells why. */
    prepare: () => void lab.prepareDenoising().catch(() => null),
    items,
    putItem,
    chosenModels,
    canChoose,
    picked,
    addNoise,
    strength,
    selected,
    sending,
    start,
    sendAndStart,
    cancelSending,
    receive: useReceiving(start, sendAndStart),
  };
});

/** Denoises what was dropped on the window. */
function useReceiving(
  start: (paths: string[]) => Promise<unknown>,
  sendAndStart: (photos: readonly File[]) => Promise<unknown>,
): (dropped: readonly DroppedRoot[]) => Promise<void> {
  const { desktop } = useLab();
  const toasts = useToasts();
  return async (dropped) => {
    if (desktop !== null) {
      const paths = dropped.map(({ file }) => desktop.getPathForFile(file)).filter((path) => path !== "");
      if (paths.length > 0) await start(paths);
      return;
    }
    const photos = (await Promise.all(dropped.map((root) => root.readPhotos()))).flat();
    if (photos.length === 0) toasts.tellFailed(texts.denoise.notStarted, texts.denoise.noPhotos);
    else await sendAndStart(photos);
  };
}

/** The networks that photos are given, remembered in this browser. */
function useChosenModels() {
  const models = useModels();
  const picked = useStorage<string[]>("hinas.denoise.models", []);
  /** Networks with cards say what they are for, so that the lab can choose among them for each photo. */
  const canChoose = computed(() => models.all.some(({ runId }) => runId === null));
  /** Those that were picked and are still there; else none, so that the lab chooses, or the newest where it cannot. */
  const chosenModels = computed(() => {
    const known = picked.value.filter((id) => models.find(id) !== null);
    return known.length > 0 || canChoose.value ? known : models.all.slice(0, 1).map(({ id }) => id);
  });
  return { picked, chosenModels, canChoose };
}
