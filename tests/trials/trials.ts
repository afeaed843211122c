import { badInputs } from "./badInputs.ts";
import { clocks } from "./clocks.ts";
import { connections } from "./connections.ts";
import { fullDisk } from "./fullDisk.ts";
import { kills } from "./kills.ts";
import { oldHomes } from "./oldHomes.ts";
import type { Trial } from "./support/trial.ts";
import { twoProcesses } from "./twoProcesses.ts";

/** Every trial, in the order in which they are done. */
export const TRIALS: readonly Trial[] = [kills, badInputs, connections, oldHomes, clocks, fullDisk, twoProcesses];
