import type { Batch } from "#shared/image/batches.ts";
import { createRandom } from "#shared/random/createRandom.ts";
import { countPicks } from "#shared/runs/searchEpochs.ts";

import type { ArchWeights } from "#main/compute/supernet/archLeaves.ts";
import { type SearchStep, walkBack, withPlanes } from "#main/compute/search/supernetStep.ts";

import { type Choosing, countOpenPicks, pickOnce } from "./choice.ts";

/** An epoch that is over, as a choice by perturbation sees it. */
interface ChoosingEpoch {
  readonly epoch: number;
  /** Batches of the architecture half by number: the same numbers, the same batches. */
  readonly batch: (index: number) => Batch;
  readonly tell: (message: string) => void;
}

/**
 * Picks the primitives that are due once `epoch` epochs are over, where the settings choose by perturbation: one when the epochs of the settings
 * are over, and one more after each pause for tuning. What was picked stands in alpha, where all other primitives are dropped, and so in
 * the checkpoint.
 */
export function choosePrimitives(search: SearchStep, { epoch, batch, tell }: ChoosingEpoch): void {
  const { config, state } = search;
  const { choice } = config.search.stabilisers;
  const after = epoch - config.search.epochs;
  if (choice.kind !== "perturbation" || after < 0) return;
  const all = countPicks(config.space);
  const due = choice.tuneEpochs === 0 ? all : Math.min(all, Math.floor(after / choice.tuneEpochs) + 1);
  const batches = Array.from({ length: choice.batches }, (_, index) => batch(index));
  const choosing: Choosing = {
    primitives: config.space.primitives,
    nodes: config.space.nodes,
    rows: () => state.arch.alphaRows,
    lossWithout: (row, primitives) => meanLoss(search, batches, state.arch.weightsWithout(row, primitives)),
    drop: (row, primitives) => {
      state.arch.drop(state.arch.alphaRows.map((_, index) => (index === row ? primitives : [])));
    },
  };
  for (let open = countOpenPicks(choosing); open > all - due; open = countOpenPicks(choosing)) {
    const picked = pickOnce(choosing, createRandom(config.seed, "choice", open));
    if (picked === null) return;
    tell(`choice by perturbation: ${picked}`);
  }
}

/** The mean loss of the supernet as it is, with other arch weights. */
function meanLoss(search: SearchStep, batches: readonly Batch[], weights: ArchWeights): number {
  const losses = batches.map((batch) =>
    withPlanes(search.config, batch, (planes) => walkBack(search, planes, search.state.weights, "arch", weights).loss),
  );
  return losses.reduce((sum, loss) => sum + loss, 0) / losses.length;
}
