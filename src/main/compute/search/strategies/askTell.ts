import { z } from "zod";

import { at } from "#shared/at.ts";
import { createRandom } from "#shared/random/createRandom.ts";
import type { Random } from "#shared/random/random.ts";

import type { CandidateSpace } from "#shared/space/candidates/candidateSpace.ts";

/** An architecture and its score; higher is better. */
export interface Scored<A> {
  readonly architecture: A;
  readonly score: number;
}

/** What every method sees of its search so far. */
export interface SearchSoFar<A> {
  readonly space: CandidateSpace<A>;
  /** How many were asked for. */
  readonly asked: number;
  /** All that was told, in order. */
  readonly told: readonly Scored<A>[];
  /** Whether an architecture was asked for before. */
  readonly isKnown: (architecture: A) => boolean;
  /** Draws one that was not asked for; null where none is left, or none is found. */
  readonly sampleNew: (random: Random) => A | null;
  /** Changes one into another that was not asked for; null where none is near. */
  readonly changeNew: (parent: A, random: Random) => A | null;
  /** Changes as `changeNew` does, and notes the parent; where none is near, draws a new one; null where none is left. */
  readonly mutateNew: (parent: A, random: Random) => A | null;
  /** Notes how an architecture that is proposed was come upon. */
  readonly note: (architecture: A, origin: Origin<A>) => void;
}

/** How a method came upon an architecture. */
export interface Origin<A> {
  readonly parent?: A;
  readonly predicted?: { readonly mean: number; readonly deviation: number };
  readonly entropy?: number;
}

/** How a strategy chooses: what it adds to asking and telling. */
export interface Method<A> {
  /** Proposes the next architecture; null where there is none left. */
  readonly propose: (soFar: SearchSoFar<A>, random: Random) => A | null;
  readonly learn?: (results: readonly Scored<A>[], soFar: SearchSoFar<A>) => void;
  /** What a continuation needs besides what was asked and told, as plain data. */
  readonly save?: () => unknown;
}

/** A strategy that is asked for candidates and told their scores. */
export interface AskTell<A> {
  /** Gives the next candidates, fewer than asked for where the space has no more. */
  ask(count: number): readonly A[];
  /** Learns the scores of candidates that were asked for. */
  tell(results: readonly Scored<A>[]): void;
  /** Replaces the score of what was told, counted from 0, by one that rests on more; what was learnt from the first stays learnt. */
  revise(index: number, score: number): void;
  /** How the method came upon a candidate; the parent by its key. Null where it knows nothing of it. */
  originOf(architecture: A): KeptOrigin | null;
  /** Everything that a continuation needs, as plain data. */
  save(): AskTellState;
}

const keptOriginSchema = z.strictObject({
  parent: z.string().optional(),
  predicted: z.strictObject({ mean: z.number(), deviation: z.number() }).optional(),
  entropy: z.number().optional(),
});
type KeptOrigin = Readonly<z.infer<typeof keptOriginSchema>>;

export const askTellStateSchema = z.strictObject({
  asked: z.int().min(0),
  told: z.array(z.strictObject({ architecture: z.unknown(), score: z.number() })).readonly(),
  waiting: z.array(z.unknown()).readonly(),
  /** By key; checkpoints from before there were origins have none. */
  origins: z.record(z.string(), keptOriginSchema).default({}),
  own: z.unknown(),
});
export type AskTellState = Readonly<z.infer<typeof askTellStateSchema>>;

/** How often a draw that was known is repeated, in multiples of the space's size and at most. */
const TRIES = { perArchitecture: 50, most: 100_000, mutations: 200 };

/** What a strategy is opened with; its random numbers follow from the seed and how many were asked for. */
export interface AskTellStart<A> {
  readonly space: CandidateSpace<A>;
  readonly seed: number;
  /** What was saved before; null at the beginning. */
  readonly saved: AskTellState | null;
}

/**
 * Opens the frame of a strategy. A continuation from what was saved gives the same candidates as a search that was not
 * interrupted. Throws LabError where what was saved is not of this space.
 */
export function openAskTell<A>({ space, seed, saved }: AskTellStart<A>, method: Method<A>): AskTell<A> {
  const told = (saved?.told ?? []).map(({ architecture, score }) => ({
    architecture: space.parse(architecture, "checkpoint: a candidate"),
    score,
  }));
  const waiting = new Map<string, A[]>();
  const known = new Set(told.map(({ architecture }) => space.key(architecture)));
  let asked = saved?.asked ?? 0;
  const expect = (architecture: A): void => {
    const key = space.key(architecture);
    known.add(key);
    waiting.set(key, [...(waiting.get(key) ?? []), architecture]);
  };
  for (const value of saved?.waiting ?? []) expect(space.parse(value, "checkpoint: a candidate that waits"));
  const origins = new Map(Object.entries(saved?.origins ?? {}));
  const note = (architecture: A, { parent, ...origin }: Origin<A>): void => {
    const kept = { ...origin, ...(parent === undefined ? {} : { parent: space.key(parent) }) };
    origins.set(space.key(architecture), kept);
  };
  const soFar = followSearch(space, known, note, () => ({ asked, told }));
  return {
    ask: (count) => {
      const candidates: A[] = [];
      while (candidates.length < count) {
        const next = method.propose(soFar, createRandom(seed, "ask", asked));
        if (next === null) break;
        asked += 1;
        expect(next);
        candidates.push(next);
      }
      return candidates;
    },
    tell: (results) => {
      for (const result of results) {
        const key = space.key(result.architecture);
        const [first, ...rest] = waiting.get(key) ?? [];
        if (first === undefined) throw new Error(`tell: must be of a candidate that was asked for, got ${key}`);
        if (!Number.isFinite(result.score)) throw new Error(`tell: a score must be finite, got ${result.score}`);
        if (rest.length === 0) waiting.delete(key);
        else waiting.set(key, rest);
        told.push(result);
      }
      method.learn?.(results, soFar);
    },
    revise: (index, score) => {
      if (!Number.isFinite(score)) throw new Error(`revise: a score must be finite, got ${score}`);
      told[index] = { architecture: at(told, index, "told").architecture, score };
    },
    originOf: (architecture) => origins.get(space.key(architecture)) ?? null,
    save: () => ({
      asked,
      told: [...told],
      waiting: [...waiting.values()].flat(),
      origins: Object.fromEntries(origins),
      own: method.save?.() ?? null,
    }),
  };
}

function followSearch<A>(
  space: CandidateSpace<A>,
  known: ReadonlySet<string>,
  note: SearchSoFar<A>["note"],
  now: () => Pick<SearchSoFar<A>, "asked" | "told">,
): SearchSoFar<A> {
  const isKnown = (architecture: A): boolean => known.has(space.key(architecture));
  const drawNew = (draw: () => A, tries: number): A | null => {
    for (let attempt = 0; attempt < tries; attempt++) {
      const drawn = draw();
      if (!isKnown(drawn)) return drawn;
    }
    return null;
  };
  const sampleNew = (random: Random): A | null =>
    known.size >= space.size
      ? null
      : drawNew(() => space.sample(random), Math.min(TRIES.most, Math.ceil(TRIES.perArchitecture * space.size)));
  const changeNew = (parent: A, random: Random): A | null =>
    drawNew(() => space.mutate(parent, random), TRIES.mutations);
  return {
    space,
    note,
    changeNew,
    get asked() {
      return now().asked;
    },
    get told() {
      return now().told;
    },
    isKnown,
    sampleNew,
    mutateNew: (parent, random) => {
      const child = changeNew(parent, random);
      if (child === null) return sampleNew(random);
      note(child, { parent });
      return child;
    },
  };
}

/** The best of scored architectures; the first where several are. Throws for none. */
export function bestOf<A>(scored: readonly Scored<A>[]): Scored<A> {
  const [first, ...rest] = scored;
  if (first === undefined) throw new Error("bestOf: must be of at least one candidate, got none");
  return rest.reduce((best, each) => (each.score > best.score ? each : best), first);
}
