import { assertNever } from "#shared/assertNever.ts";
import type { EarlyStop } from "#shared/runs/earlyStopSchema.ts";

/**
 * Says why a training ends after the last of its validations, of which `psnrsDb` has the PSNR in dB, in order; null where it
 * goes on.
 */
export function reasonToEnd(earlyStop: EarlyStop, psnrsDb: readonly number[]): string | null {
  switch (earlyStop.kind) {
    case "none":
      return null;
    case "validation": {
      const { patienceValidations, minGainDb } = earlyStop;
      if (countWithoutGain(minGainDb, psnrsDb) < patienceValidations) return null;
      const gain = minGainDb === 0 ? "no gain" : `no gain of ${minGainDb} dB`;
      return `${gain} in ${patienceValidations} ${patienceValidations === 1 ? "validation" : "validations"}`;
    }
    default:
      return assertNever(earlyStop);
  }
}

/** Counts the validations since the last one that gained so many dB over the gain before it; the first is a gain. */
function countWithoutGain(minGainDb: number, psnrsDb: readonly number[]): number {
  let reached = -Infinity;
  let count = 0;
  for (const psnrDb of psnrsDb) {
    const isGain = psnrDb > reached && psnrDb - reached >= minGainDb;
    if (isGain) reached = psnrDb;
    count = isGain ? 0 : count + 1;
  }
  return count;
}
