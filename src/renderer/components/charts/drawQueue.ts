/** Draws the pictures of a page one after the other, no more of them in a frame than there is time for. */
export interface DrawQueue {
  /** Draws as soon as there is room; what waits already is drawn once. */
  add(draw: () => void): void;
  /** Forgets what has become needless. */
  remove(draw: () => void): void;
}

/** Half a frame at 60 a second: the rest is for the page itself. */
const FRAME_BUDGET_MS = 8;

/** Creates an empty queue; at least one picture is drawn in each frame. */
export function createDrawQueue(
  requestFrame: (callback: () => void) => void = (callback) => void requestAnimationFrame(callback),
): DrawQueue {
  const waiting = new Set<() => void>();
  let isRequested = false;
  const request = (): void => {
    if (isRequested) return;
    isRequested = true;
    requestFrame(drawSome);
  };
  const drawSome = (): void => {
    isRequested = false;
    const start = performance.now();
    for (const draw of waiting) {
      waiting.delete(draw);
      draw();
      if (performance.now() - start >= FRAME_BUDGET_MS) break;
    }
    if (waiting.size > 0) request();
  };
  return {
    add: (draw) => {
      waiting.add(draw);
      request();
    },
    remove: (draw) => void waiting.delete(draw),
  };
}

/** The charts of this window wait in one line. */
export const chartQueue = createDrawQueue();
