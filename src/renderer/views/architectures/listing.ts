import type { Architecture } from "#shared/api/architectures.ts";

import { toOriginText } from "./originText.ts";

export const ORDERS = ["newest", "parameters", "field"] as const;
export type Order = (typeof ORDERS)[number];

const COMPARE: Readonly<Record<Order, (a: Architecture, b: Architecture) => number>> = {
  newest: (a, b) => b.addedAt.localeCompare(a.addedAt),
  parameters: (a, b) => a.parameters - b.parameters,
  field: (a, b) => b.receptiveFieldPx - a.receptiveFieldPx,
};

/** Lists the architectures whose name, hash or origin holds the wanted text, in the wanted order. */
export function listArchitectures(all: readonly Architecture[], wanted: string, order: Order): readonly Architecture[] {
  const text = wanted.trim().toLowerCase();
  return all
    .filter(({ name, hash, origin }) => `${name} ${hash} ${toOriginText(origin)}`.toLowerCase().includes(text))
    .sort(COMPARE[order]);
}
