import { FEWEST_PROOFS, MOST_PROOFS } from "#shared/api/proofSheets.ts";
import { at } from "#shared/at.ts";
import { createRandom } from "#shared/random/createRandom.ts";

/** A picture of a sheet: what a network made of the photo, at a strength. */
export interface Proof {
  readonly model: string;
  /** 0..1. */
  readonly strength: number;
}

/** Returns strengths in percent as they are typed, to begin with: the last third in as many steps as there is room for. */
export function beginStrengths(networks: number): string {
  const steps = Math.max(1, Math.floor(MOST_PROOFS / Math.max(1, networks)));
  const all = [100, 80, 60, 90, 70, 50].slice(0, steps);
  return all.toSorted((a, b) => a - b).join(", ");
}

/** Reads strengths in percent, separated by commas or spaces; null where something else is written or one stands twice. */
export function readStrengths(text: string): readonly number[] | null {
  const parts = text.split(/[\s,;]+/).filter((part) => part !== "");
  const percents = parts.map((part) => Number(part.replace(/%$/, "")));
  if (percents.length === 0 || percents.some((percent) => !(percent >= 0 && percent <= 100))) return null;
  return new Set(percents).size === percents.length ? percents.map((percent) => percent / 100) : null;
}

/** Tells whether so many pictures make a sheet. */
export function fitsSheet(networks: number, strengths: number): boolean {
  return networks * strengths >= FEWEST_PROOFS && networks * strengths <= MOST_PROOFS;
}

/** Lists every network at every strength, in an order that a seed decides and nobody can guess. */
export function shuffleProofs(models: readonly string[], strengths: readonly number[], seed: number): readonly Proof[] {
  const proofs = models.flatMap((model) => strengths.map((strength) => ({ model, strength })));
  const random = createRandom(seed, "proof sheet");
  for (let last = proofs.length - 1; last > 0; last -= 1) {
    const other = random.integer(last + 1);
    const [a, b] = [at(proofs, last, "proofs"), at(proofs, other, "proofs")];
    proofs[last] = b;
    proofs[other] = a;
  }
  return proofs;
}

/** Gives a picture the next rank, or takes its rank back; `order` lists pictures by their place from the best on. */
export function toggleRank(order: readonly number[], picture: number): readonly number[] {
  return order.includes(picture) ? order.filter((each) => each !== picture) : [...order, picture];
}
