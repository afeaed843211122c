import type { ArchView } from "./archView.ts";

/** Returns the smallest and the largest op weight of a layer over all epochs, so that colours and heights mean the same at each. */
export function opWeightRange(views: readonly ArchView[], layer: number): readonly [number, number] {
  let [low, high] = [1, 0];
  for (const { ranges } of views) {
    const [least, most] = ranges[layer] ?? [1, 0];
    low = Math.min(low, least);
    high = Math.max(high, most);
  }
  return low <= high ? [low, high] : [0, 1];
}
