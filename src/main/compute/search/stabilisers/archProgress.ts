import type { SearchConfig } from "#shared/runs/config.ts";

/** The share of the epochs behind the warm-up that are over when `epoch` epochs are, 0..1: 0 until the warm-up is over, 1 at the end. */
export function archProgress({ epochs, warmupEpochs }: SearchConfig["search"], epoch: number): number {
  return Math.min(1, Math.max(0, (epoch - warmupEpochs) / (epochs - warmupEpochs)));
}
