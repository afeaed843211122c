/** Steps are told at most this often, and always at the end. */
const REPORT_INTERVAL_MS = 250;

/** The weight of the newest step in the running mean of the time per step. */
const SMOOTHING = 0.1;

/** Measures steps and decides which of them are told. */
export class StepClock {
  #last = performance.now();
  #lastReport = -Infinity;
  #mean: number | null = null;

  /** Call after pauses, which are not part of any step. */
  restart(): void {
    this.#last = performance.now();
  }

  /** Ends a step: the running mean of seconds per step, and whether this step should be told. */
  tick(isLast: boolean): { readonly secondsPerStep: number; readonly isDue: boolean } {
    const now = performance.now();
    const seconds = (now - this.#last) / 1000;
    this.#last = now;
    this.#mean = this.#mean === null ? seconds : this.#mean + SMOOTHING * (seconds - this.#mean);
    const isDue = isLast || now - this.#lastReport >= REPORT_INTERVAL_MS;
    if (isDue) {
      this.#lastReport = now;
    }
    return { secondsPerStep: this.#mean, isDue };
  }
}
