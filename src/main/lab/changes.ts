import { createNanoEvents } from "nanoevents";

import type { LabChange } from "#shared/api/lab.ts";

/** Passes on what changed in the lab to whoever wants to know. */
export interface Changes {
  tell(change: LabChange): void;
  /** Returns the way to end it. */
  listen(listener: (change: LabChange) => void): () => void;
}

/** Creates a channel without listeners. */
export function createChanges(): Changes {
  const emitter = createNanoEvents<{ change: (change: LabChange) => void }>();
  return {
    tell: (change) => emitter.emit("change", change),
    listen: (listener) => emitter.on("change", listener),
  };
}
