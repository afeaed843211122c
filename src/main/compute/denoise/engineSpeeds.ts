import { DEFAULT_MEMORY_BUDGET_MB } from "#shared/image/memoryBudget.ts";
import { createRandom } from "#shared/random/createRandom.ts";
import { buildNetworkGraph } from "#shared/space/spaces/spaces.ts";
import { inputMarginPx } from "#shared/space/graph/reach.ts";

import type { TrainingKernels } from "#main/compute/kernels/kernels.ts";
import type { TrainedNetwork } from "#main/compute/network/networkFile.ts";

import { Denoiser } from "./denoiser.ts";
import type { TileEngine } from "./tiles.ts";

/** Large enough that what a run costs beside its pixels does not decide. */
const SIDE_PX = 384;
const REPEATS = 2;
const BUDGET_MB = 4096;

/** A photo as cameras take them: engines that need more memory cut it into more tiles, which overlap. */
const LARGE_PHOTO = { width: 6000, height: 4000 };

/**
 * Measures how many seconds an engine takes for a megapixel of a large photo by a network: those of one tile, after a first run that
 * is not counted, times how often its tiles read a pixel.
 */
export async function measureSecondsPerMegapixel(
  engine: TrainingKernels | TileEngine,
  network: TrainedNetwork,
): Promise<number> {
  const side = Math.max(SIDE_PX, 2 * inputMarginPx(buildNetworkGraph(network.plan)));
  const { imageChannels: channels } = network.plan;
  const random = createRandom(0, "engine speeds");
  const data = Float32Array.from({ length: side * side * channels }, () => random.uniform());
  const denoiser = new Denoiser(engine, network);
  try {
    let best = Infinity;
    for (let run = 0; run <= REPEATS; run++) {
      const start = performance.now();
      const noise = { kind: "gaussian", sigma255: 25 } as const;
      await denoiser.denoise(
        { width: side, height: side, channels, data },
        { memoryBudgetMb: BUDGET_MB, noise },
        () => undefined,
      );
      if (run > 0) best = Math.min(best, performance.now() - start);
    }
    const reads = denoiser.countReads(LARGE_PHOTO, DEFAULT_MEMORY_BUDGET_MB);
    return (best / 1000 / ((side * side) / 1e6)) * reads;
  } finally {
    denoiser.dispose();
  }
}
