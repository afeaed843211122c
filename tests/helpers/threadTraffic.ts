import { subscribe, unsubscribe } from "node:diagnostics_channel";

import { THREAD_TRAFFIC } from "#main/photos/threads/inThread.ts";

/** What this thread held of photos at a time, at most: in one question to another thread, and its answer. */
export interface HeldPixels {
  /** Values of photos. */
  readonly floats: number;
  /** Of files. */
  readonly bytes: number;
}

/** Tells what this thread held of photos while `work` went on. */
export async function measureHeld(work: () => Promise<unknown>): Promise<HeldPixels> {
  let most: HeldPixels = { floats: 0, bytes: 0 };
  const hear = (message: unknown): void => {
    const { floats, bytes } = countHeld(message);
    most = { floats: Math.max(most.floats, floats), bytes: Math.max(most.bytes, bytes) };
  };
  subscribe(THREAD_TRAFFIC, hear);
  try {
    await work();
    return most;
  } finally {
    unsubscribe(THREAD_TRAFFIC, hear);
  }
}

function countHeld(value: unknown): HeldPixels {
  if (value instanceof Float32Array) return { floats: value.length, bytes: 0 };
  if (ArrayBuffer.isView(value)) return { floats: 0, bytes: value.byteLength };
  const parts = typeof value === "object" && value !== null ? Object.values(value).map(countHeld) : [];
  return parts.reduce((sum, { floats, bytes }) => ({ floats: sum.floats + floats, bytes: sum.bytes + bytes }), {
    floats: 0,
    bytes: 0,
  });
}
