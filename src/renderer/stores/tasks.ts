import { defineStore } from "pinia";
import { computed, shallowRef } from "vue";

import { ACTIVE_TASK_STATES, type Task } from "#shared/api/tasks.ts";
import { useLab } from "#renderer/lab/labApi.ts";
import { useLoading } from "#renderer/lab/useLoading.ts";

/** Work beside runs (imports, evaluations, denoising), newest first. */
export const useTasks = defineStore("tasks", () => {
  const { lab, onUpdates } = useLab();
  const byId = shallowRef<ReadonlyMap<string, Task>>(new Map());
  const { isLoaded, error, load } = useLoading(async () => {
    byId.value = new Map((await lab.listTasks()).map((task) => [task.id, task]));
  });

  function put(task: Task): void {
    byId.value = new Map(byId.value).set(task.id, task);
  }

  onUpdates(({ tasks, dismissedTasks }) => {
    if (tasks.length === 0 && dismissedTasks.length === 0) return;
    const merged = new Map(byId.value);
    for (const task of tasks) merged.set(task.id, task);
    for (const id of dismissedTasks) merged.delete(id);
    byId.value = merged;
  });

  const all = computed(() => [...byId.value.values()].sort((a, b) => b.createdAt.localeCompare(a.createdAt)));
  return {
    all,
    active: computed(() => all.value.filter(({ state }) => ACTIVE_TASK_STATES.has(state))),
    isLoaded,
    error,
    load,
    find: (id: string) => byId.value.get(id) ?? null,
    put,
    pause: async (id: string) => put(await lab.pauseTask(id)),
    resume: async (id: string) => put(await lab.resumeTask(id)),
    cancel: async (id: string) => put(await lab.cancelTask(id)),
    dismiss: (id: string) => lab.dismissTask(id),
  };
});
