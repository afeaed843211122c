import type { CompareItem } from "./comparison.ts";

/** Names things for tables and charts; those of the same name get what tells them apart behind it. */
export function nameItems(items: readonly CompareItem[]): ReadonlyMap<CompareItem["key"], string> {
  const count = (name: string): number => items.filter((item) => item.name === name).length;
  return new Map(items.map((item) => [item.key, count(item.name) > 1 ? `${item.name} (${toMark(item)})` : item.name]));
}

function toMark({ model, hash }: CompareItem): string {
  return model === null ? hash : `…${model.runId.slice(-4)}`;
}
