import type { Architecture } from "#shared/api/architectures.ts";

import { scoreOf, toOriginText } from "./originText.ts";

export const ORDERS = ["newest", "score", "parameters", "memory", "field"] as const;
export type Order = (typeof ORDERS)[number];

const COMPARE: Readonly<Record<Order, (a: Architecture, b: Architecture) => number>> = {
  newest: (a, b) => b.addedAt.localeCompare(a.addedAt),
  score: (a, b) => psnrOf(b) - psnrOf(a),
  memory: (a, b) => a.memoryBytesPerPixel - b.memoryBytesPerPixel,
  parameters: (a, b) => a.parameters - b.parameters,
  field: (a, b) => b.receptiveFieldPx - a.receptiveFieldPx,
};

/** Those that no search has validated come last. */
function psnrOf({ origin }: Architecture): number {
  return scoreOf(origin)?.psnrDb ?? Number.MIN_SAFE_INTEGER;
}

/** Lists the architectures whose name, hash or origin holds the wanted text, in the wanted order. */
export function listArchitectures(all: readonly Architecture[], wanted: string, order: Order): readonly Architecture[] {
  const text = wanted.trim().toLowerCase();
  return all
    .filter(({ name, hash, origin }) => `${name} ${hash} ${toOriginText(origin)}`.toLowerCase().includes(text))
    .sort(COMPARE[order]);
}
