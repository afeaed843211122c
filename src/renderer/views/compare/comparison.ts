import type { Architecture } from "#shared/api/architectures.ts";
import type { Model } from "#shared/api/evaluations.ts";

/** How many things are compared at once: as many as colours can be told apart. */
export const FEWEST_ITEMS = 2;
export const MOST_ITEMS = 6;

/** What an address says is compared. */
export interface Selection {
  /** Networks and hashes, in the order in which they were added. */
  readonly keys: readonly ItemKey[];
  /** What the others are measured against; the first where it names none. */
  readonly baseline: ItemKey | null;
}

/** `model:` and a network's id (a training's, or that of a network in the box or imported), or `architecture:` and a hash. */
export type ItemKey = `model:${string}` | `architecture:${string}`;

/** One thing that is compared. */
export interface CompareItem {
  readonly key: ItemKey;
  readonly name: string;
  readonly hash: string;
  readonly filters: number;
  readonly parameters: number;
  readonly multiplyAddsPerPixel: number;
  readonly receptiveFieldPx: number;
  /** Null for an architecture that is compared as such. */
  readonly model: Model | null;
}

type Query = Readonly<Record<string, unknown>>;

/** Reads what an address asks to compare, each thing once. */
export function readSelection(query: Query): Selection {
  const models = listOf(query["models"]).map((id): ItemKey => `model:${id}`);
  const architectures = listOf(query["architectures"]).map((hash): ItemKey => `architecture:${hash}`);
  const keys = [...new Set([...models, ...architectures])].slice(0, MOST_ITEMS);
  return { keys, baseline: keys.find((key) => key === query["baseline"]) ?? null };
}

/** Writes a selection as an address's query, so that a comparison can be linked and gone back to. */
export function toQuery({ keys, baseline }: Selection): Record<string, string> {
  const idsOf = (kind: string): string =>
    keys
      .filter((key) => key.startsWith(kind))
      .map((key) => key.slice(kind.length))
      .join(",");
  const parts = { models: idsOf("model:"), architectures: idsOf("architecture:"), baseline: baseline ?? "" };
  return Object.fromEntries(Object.entries(parts).filter(([, value]) => value !== ""));
}

/** Adds a thing, or takes it out; nothing beyond what can be compared is added. */
export function toggleKey({ keys, baseline }: Selection, key: ItemKey): Selection {
  if (keys.includes(key)) {
    return { keys: keys.filter((each) => each !== key), baseline: baseline === key ? null : baseline };
  }
  return { keys: [...keys, key].slice(0, MOST_ITEMS), baseline };
}

/** Finds what a key stands for; null where the lab no longer has it. */
export function findItem(
  key: ItemKey,
  find: { model: (id: string) => Model | null; architecture: (hash: string) => Architecture | null },
): CompareItem | null {
  const id = key.slice(key.indexOf(":") + 1);
  if (key.startsWith("model:")) {
    const model = find.model(id);
    return model === null ? null : { ...pickCosts(model), key, hash: model.genotypeHash, model };
  }
  const architecture = find.architecture(id);
  return architecture === null ? null : { ...pickCosts(architecture), key, hash: architecture.hash, model: null };
}

function pickCosts({
  name,
  filters,
  parameters,
  multiplyAddsPerPixel,
  receptiveFieldPx,
}: Model | Architecture): Omit<CompareItem, "key" | "hash" | "model"> {
  return { name, filters, parameters, multiplyAddsPerPixel, receptiveFieldPx };
}

function listOf(value: unknown): readonly string[] {
  return typeof value === "string" ? value.split(",").filter((part) => part !== "") : [];
}

/** Names things for tables and charts; those of the same name get what tells them apart behind it. */
export function nameItems(items: readonly CompareItem[]): ReadonlyMap<CompareItem["key"], string> {
  const count = (name: string): number => items.filter((item) => item.name === name).length;
  return new Map(items.map((item) => [item.key, count(item.name) > 1 ? `${item.name} (${toMark(item)})` : item.name]));
}

function toMark({ model, hash }: CompareItem): string {
  return model === null ? hash : `…${model.id.slice(-4)}`;
}
