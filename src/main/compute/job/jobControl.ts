import type { Control } from "#main/compute/protocol.ts";

/** Lets orders reach a job between two of its steps. */
export class JobControl {
  #want: Control = "run";
  #wake: (() => void) | null = null;

  set(want: Control): void {
    this.#want = want;
    this.#wake?.();
  }

  get isPaused(): boolean {
    return this.#want === "pause";
  }

  /** Gives waiting messages their turn, waits while paused, and says whether to go on. */
  async proceed(): Promise<boolean> {
    await new Promise((resolve) => setImmediate(resolve));
    while (this.isPaused) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    this.#wake = null;
    return this.#want !== "stop";
  }
}
