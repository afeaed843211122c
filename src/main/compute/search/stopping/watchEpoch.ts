import type { Batch } from "#shared/image/batches.ts";
import type { ComputeEvent } from "#shared/runs/runEvent.ts";
import { deriveGenotype } from "#shared/space/cells/derive.ts";

import type { SearchStep } from "#main/compute/search/supernetStep.ts";

import { measureAlphaHessian } from "./alphaHessian.ts";
import { type EpochMeasure, measureArch } from "./epochMeasure.ts";
import { countStableEpochs, reasonToStop } from "./stoppingRules.ts";

/** An epoch that is over. */
interface Epoch {
  readonly epoch: number;
  /** Of the architecture half, for what is measured on one. */
  readonly batch: () => Batch;
  readonly tell: (message: string) => void;
}

/** Measures an epoch behind the warm-up, where the search stops by a rule or watches its gap, and tells what it came to. */
export function watchEpoch(search: SearchStep, { epoch, batch, tell }: Epoch): void {
  const { config, state } = search;
  const { stopping, discretisationGap, warmupEpochs } = config.search;
  const isWatched = stopping.kind !== "none" || discretisationGap;
  if (!isWatched || epoch <= warmupEpochs) return;
  const logits = state.arch.logits();
  const arch = measureArch(epoch, logits, deriveGenotype(logits, config.space.widthFactors, config.space.kind));
  const isHessian = stopping.kind === "hessian" && epoch % stopping.everyEpochs === 0;
  const eigenvalue = isHessian ? measureAlphaHessian(search, batch()) : null;
  state.measures = [...state.measures, { ...arch, eigenvalue }];
  tell(measureText(epoch, state.measures.at(-1) ?? arch));
}

/** What was measured after an epoch as an event; null where nothing was. */
export function toMeasureEvent(
  { state }: Pick<SearchStep, "state">,
  epoch: number,
  gap: number | null,
): Extract<ComputeEvent, { type: "measure" }> | null {
  const last = state.measures.at(-1);
  if (last?.epoch !== epoch) return null;
  const { skips, eigenvalue } = last;
  return {
    type: "measure",
    step: state.step,
    epoch,
    skips,
    stableEpochs: countStableEpochs(state.measures),
    // JSON has no number for what is not finite.
    eigenvalue: Number.isFinite(eigenvalue) ? eigenvalue : null,
    gap,
  };
}

/** Notes the score of the epoch that was measured last. */
export function noteScore({ state }: Pick<SearchStep, "state">, score: number): void {
  const last = state.measures.at(-1);
  if (last !== undefined) state.measures = [...state.measures.slice(0, -1), { ...last, score }];
}

/** Says why the search stops now; null where it goes on. */
export function findReason({ config, state }: Pick<SearchStep, "config" | "state">): string | null {
  return reasonToStop(config.search.stopping, state.measures);
}

/** Whether the epoch at which the search stops must not be its best. */
export function isRolledBack(search: Pick<SearchStep, "config" | "state">): boolean {
  const { stopping } = search.config.search;
  return "rollBack" in stopping && stopping.rollBack && findReason(search) !== null;
}

function measureText(epoch: number, { skips, eigenvalue }: EpochMeasure): string {
  const hessian = eigenvalue === null ? "" : `; dominant eigenvalue of the alpha Hessian ${eigenvalue.toPrecision(4)}`;
  return `epoch ${epoch}: skip connections by layer ${skips.join(", ")}${hessian}`;
}
