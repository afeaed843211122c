/** The frame around the rooms, and words used in many of them. */
export const frameTexts = {
  product: "HiNAS Lab",
  skipToContent: "Skip to the content",
  rooms: "Rooms",
  messages: "Messages",
  theme: { label: "Colours", light: "Light", dark: "Dark", system: "As the system" },
  noJobs: "Nothing runs",
  showJob: (name: string) => `Show ${name}`,
  narrowMenu: "Narrow the menu",
  widenMenu: "Widen the menu",
  connecting: "Connecting to the lab…",
  lost: "The lab does not answer: the connection broke, or its server ended. Where the server still works, runs go on; else each has its last checkpoint. This window comes back by itself.",
  ended:
    "The lab’s server was ended. Its runs saved a checkpoint and stand still. Start `hinas serve` again, and this window comes back by itself.",
  refused: "The lab refused this window: its token was renewed. Open it with the address that `hinas serve` prints.",
  roomFailed: "This room could not be shown",
  roomNotLoaded: (why: string) =>
    `Its code did not arrive; the program may have been updated meanwhile. Trying again loads the window anew. (${why})`,
};

/** Names of the rooms and of their groups in the menu. */
export const roomTexts = {
  home: "Home",
  datasets: "Data sets",
  noise: "Noise bench",
  search: "Search",
  architectures: "Architectures",
  train: "Train and evaluate",
  studies: "Studies",
  compare: "Compare",
  denoise: "Denoise",
  settings: "Settings",
};

export const actionTexts = {
  cancel: "Cancel",
  close: "Close",
  tryAgain: "Try again",
  copy: "Copy",
  copied: "Copied",
  remove: "Remove",
  save: "Save",
  add: "Add",
  pause: "Pause",
  resume: "Resume",
  stop: "Stop",
  start: "Start",
  more: "More actions",
  open: "Open",
};

export const statusTexts = {
  loading: "Loading…",
  failed: "That did not work",
  unknown: "not known",
  none: "–",
  left: (duration: string) => `about ${duration} left`,
};

export const runStateTexts = {
  queued: "queued",
  preparing: "preparing",
  running: "running",
  paused: "paused",
  finished: "finished",
  failed: "failed",
  stopped: "stopped",
  interrupted: "interrupted",
};

export const runKindTexts = { search: "Search", train: "Training" };

export const taskKindTexts = { import: "Import", evaluation: "Evaluation", denoise: "Denoising" };

export const taskStateTexts = {
  queued: "waits for the device",
  running: "at work",
  paused: "paused",
  finished: "done",
  failed: "failed",
  cancelled: "cancelled",
};

/** Long tables. */
export const listTexts = {
  filter: "Filter",
  count: (matching: number, total: number) => (matching === total ? `${total}` : `${matching} of ${total}`),
  noMatch: "Nothing fits",
  noMatchText: "No row has all of these words.",
  more: (rows: number) => `Show ${rows} more`,
  tableMenu: (caption: string) => `Columns and files: ${caption}`,
  columns: "Columns",
  saveAs: (format: string) => `Save as ${format}`,
  copyAs: (format: string) => `Copy as ${format}`,
};

/** When something happened. */
export const momentTexts = {
  now: "just now",
  minutesAgo: (minutes: number) => `${minutes} min ago`,
  today: (clock: string) => `today ${clock}`,
};
