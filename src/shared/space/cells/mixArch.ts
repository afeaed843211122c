import { at } from "#shared/at.ts";

import type { ArchLogits } from "./archLogits.ts";
import type { ArchMoment } from "./archView.ts";

/** Mixes two moments of one search, whose logits have the same shape: `share` 0 is the first, 1 the second. */
export function mixMoments(first: ArchMoment, second: ArchMoment, share: number): ArchMoment {
  const [from, to] = [Date.parse(first.time), Date.parse(second.time)];
  return {
    arch: mixLogits(first.arch, second.arch, share),
    epoch: mix(first.epoch, second.epoch, share),
    step: mix(first.step, second.step, share),
    time: new Date(mix(from, to, share)).toISOString(),
  };
}

/**
 * Returns a search's moment at a place among its moments, which is between two of them where it is not whole; places beyond an
 * end are that end. Throws an Error where there are none.
 */
export function momentAt(moments: readonly ArchMoment[], place: number): ArchMoment {
  const bounded = Math.min(moments.length - 1, Math.max(0, place));
  const before = Math.floor(bounded);
  const first = at(moments, before, "moments of a search");
  const second = moments[before + 1];
  return second === undefined || bounded === before ? first : mixMoments(first, second, bounded - before);
}

function mixLogits(first: ArchLogits, second: ArchLogits, share: number): ArchLogits {
  const mixRows = (a: readonly (readonly number[])[], b: readonly (readonly number[])[]): number[][] =>
    a.map((row, index) => mixRow(row, at(b, index, "rows of logits"), share));
  return {
    ...first,
    alpha: first.alpha.map((rows, layer) => mixRows(rows, at(second.alpha, layer, "layers of alpha"))),
    beta: mixRows(first.beta, second.beta),
    ...(first.edges === undefined || second.edges === undefined ? {} : { edges: mixRows(first.edges, second.edges) }),
  };
}

function mixRow(a: readonly number[], b: readonly number[], share: number): number[] {
  return a.map((value, index) => mix(value, at(b, index, "logits"), share));
}

function mix(a: number, b: number, share: number): number {
  return a + (b - a) * share;
}
