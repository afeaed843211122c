import { AsyncLocalStorage } from "node:async_hooks";

import { DEFAULT_PHOTO_BUDGET_MB } from "#shared/image/memoryBudget.ts";

/** What one piece of work has taken of the room. */
interface Holding {
  bytes: number;
  hasAsked: boolean;
}

const holdings = new AsyncLocalStorage<Holding>();
const waiting: { readonly bytes: number; readonly admit: () => void }[] = [];
let roomBytes = DEFAULT_PHOTO_BUDGET_MB * 1e6;
let takenBytes = 0;

/** Sets how much decoded photos may take in this process, all at a time together and each alone. */
export function setPhotoBudget(megabytes: number): void {
  roomBytes = megabytes * 1e6;
  admitWaiting();
}

/** Returns how much one photo may take, decoded. */
export function largestPhotoBytes(): number {
  return roomBytes;
}

/** Does work and gives back afterwards what room it took for photos. Inside of other such work it is a part of that. */
export async function keepRoom<T>(work: () => Promise<T>): Promise<T> {
  if (holdings.getStore() !== undefined) return work();
  const holding: Holding = { bytes: 0, hasAsked: false };
  try {
    return await holdings.run(holding, work);
  } finally {
    takenBytes -= holding.bytes;
    admitWaiting();
  }
}

/**
 * Waits for room and takes it until the work around ends. Who has asked before does not wait: two that each hold room and
 * wait for more would wait for ever.
 */
export async function takeRoom(bytes: number): Promise<void> {
  const holding = holdings.getStore();
  if (holding === undefined) throw new Error("photos: room must be taken inside of keepRoom");
  const mustWait = !holding.hasAsked && takenBytes > 0 && (waiting.length > 0 || takenBytes + bytes > roomBytes);
  holding.hasAsked = true;
  if (!mustWait) {
    take(holding, bytes);
    return;
  }
  await new Promise<void>((resolve) => {
    const admit = (): void => {
      take(holding, bytes);
      resolve();
    };
    waiting.push({ bytes, admit });
  });
}

function take(holding: Holding, bytes: number): void {
  holding.bytes += bytes;
  takenBytes += bytes;
}

/** In the order of asking; a photo that is larger than all room comes alone. */
function admitWaiting(): void {
  for (let [next] = waiting; next !== undefined; [next] = waiting) {
    if (takenBytes > 0 && takenBytes + next.bytes > roomBytes) return;
    waiting.shift();
    next.admit();
  }
}
