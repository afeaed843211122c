import { kills } from "./kills.ts";
import type { Trial } from "./support/trial.ts";

/** Every trial, in the order in which they are done. */
export const TRIALS: readonly Trial[] = [kills];
