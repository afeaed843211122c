import { computed, onScopeDispose, ref, shallowRef } from "vue";

import type { Task } from "#shared/api/tasks.ts";
import { letPass } from "#shared/labError.ts";
import { useLab } from "#renderer/lab/labApi.ts";
import { useTasks } from "#renderer/stores/tasks.ts";
import { useToasts } from "#renderer/stores/toasts.ts";
import { texts } from "#renderer/texts/texts.ts";

import type { WallPicture } from "./wallPicture.ts";

interface Wish {
  readonly dataset: string;
  readonly photo: string;
  /** Of the noise that is added; null takes the photo as it is. */
  readonly sigma255: number | null;
  readonly runIds: readonly string[];
}

/** Has one photo denoised by several networks, from the same noise; the results are forgotten with the component. */
export function useWallPhoto() {
  const { lab } = useLab();
  const tasks = useTasks();
  const toasts = useToasts();
  const started = shallowRef<{ readonly id: string; readonly wish: Wish } | null>(null);
  const isStarting = ref(false);
  const task = computed((): Task | null => (started.value === null ? null : tasks.find(started.value.id)));
  const picture = computed((): WallPicture | null => {
    if (started.value === null || task.value?.state !== "finished") return null;
    const { id, wish } = started.value;
    const items = new Map(wish.runIds.map((runId, index) => [runId, index]));
    return { kind: "denoise", name: wish.photo, task: id, items };
  });

  async function start(wish: Wish): Promise<void> {
    isStarting.value = true;
    try {
      const begun = await lab.startDenoise({
        models: [...wish.runIds],
        inputs: [{ dataset: wish.dataset, photo: wish.photo }],
        addNoise: wish.sigma255 === null ? null : { kind: "gaussian", sigma255: wish.sigma255 },
      });
      forget();
      tasks.put(begun);
      started.value = { id: begun.id, wish };
    } catch (failure) {
      toasts.tellFailed(texts.compare.wall.notStarted, failure);
    } finally {
      isStarting.value = false;
    }
  }

  /** What only this wall has need not fill the disk. */
  function forget(): void {
    if (started.value === null) return;
    const { id } = started.value;
    started.value = null;
    tasks
      .cancel(id)
      .then(() => tasks.dismiss(id))
      // It has been forgotten already; or has a last tile to end, and is then forgotten as the lab's other old tasks are.
      .catch(letPass("interrupted", "not_found", "busy"))
      .catch((failure: unknown) => toasts.tellFailed(texts.status.failed, failure));
  }

  onScopeDispose(forget);
  return { task, picture, isStarting, start };
}
