/** What the program says outside its window: in the system's dialogs, its menu and its tray. */
export const shellTexts = {
  product: "HiNAS Lab",
  photos: "Photos",
  view: "View",
  tray: { show: "Show HiNAS Lab", quit: "Pause jobs and quit" },
  closing: {
    question: (jobs: number) => (jobs === 1 ? "A job is still at work." : `${jobs} jobs are still at work.`),
    detail: "Pausing saves a checkpoint, from which searches and trainings go on later with the same numbers.",
    keepRunning: "Keep running in the background",
    pause: "Pause and quit",
    cancel: "Cancel",
    always: "Do this every time",
  },
} as const;
