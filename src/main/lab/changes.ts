import type { LabChange } from "#shared/api/lab.ts";

/** Passes on what changed in the lab to whoever wants to know. */
export interface Changes {
  tell(change: LabChange): void;
  /** Returns the way to end it. */
  listen(listener: (change: LabChange) => void): () => void;
}

/** Creates a channel without listeners. */
export function createChanges(): Changes {
  const listeners = new Set<(change: LabChange) => void>();
  return {
    tell: (change) => {
      for (const listener of listeners) listener(change);
    },
    listen: (listener) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
}
