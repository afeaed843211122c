const SECONDS_PER_EPOCH = 0.6;
const LEAST_SECONDS = 4;
const MOST_SECONDS = 24;

/** Returns how long a search of so many epochs is played, in seconds. */
export function secondsToPlay(epochs: number): number {
  return Math.min(MOST_SECONDS, Math.max(LEAST_SECONDS, epochs * SECONDS_PER_EPOCH));
}
