import { watch } from "vue";

import { usePreferences } from "#renderer/stores/preferences.ts";
import { useRuns } from "#renderer/stores/runs.ts";
import { useTasks } from "#renderer/stores/tasks.ts";
import { texts } from "#renderer/texts/texts.ts";

import { findEnded, type Job } from "./endedJobs.ts";

/** Lets the system tell when jobs end while this window is in the background, where the person wants that. */
export function useNotices(): void {
  const preferences = usePreferences();
  const runs = useRuns();
  const tasks = useTasks();
  let before: ReadonlyMap<string, Job["state"]> = new Map();

  watch(
    (): readonly Job[] => [...runs.all.map(({ id, name, state }) => ({ id, title: name, state })), ...tasks.all],
    (jobs) => {
      const ended = findEnded(before, jobs);
      before = new Map(jobs.map(({ id, state }) => [id, state]));
      if (preferences.current?.notify !== true || document.hasFocus()) return;
      for (const { title, end } of ended) showNotice(texts.notices[end](title));
    },
    { immediate: true },
  );
}

function showNotice(title: string): void {
  if (!("Notification" in window) || Notification.permission !== "granted") return;
  const notice = new Notification(title, { tag: title });
  notice.onclick = () => window.focus();
}
