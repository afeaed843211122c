/** How much of a trial is done, and by what. */
export interface TrialSetup {
  /** How many cases; each trial says how many its full size has. */
  readonly cases: number;
  /** Decides every case: the same seed and number give the same cases. */
  readonly seed: number;
  /** The real compute process, or the scripted one, whose networks are blurs and whose steps take a millisecond. */
  readonly worker: "real" | "scripted";
  readonly log: (line: string) => void;
}

/** What came of a trial. No fault means that all promises were kept. */
export interface TrialReport {
  /** What was done and seen, by name. */
  readonly counts: Readonly<Record<string, number>>;
  /** Each broken promise in a sentence, with the case it was broken in. */
  readonly faults: readonly string[];
}

/** A promise of the program that is tried with many seeded cases. */
export interface Trial {
  readonly name: string;
  /** What is promised. */
  readonly promise: string;
  readonly fullCases: number;
  readonly smallCases: number;
  run(setup: TrialSetup): Promise<TrialReport>;
}

/** Counts things by name. */
export interface Tally {
  add(name: string, by?: number): void;
  readonly counts: Readonly<Record<string, number>>;
}

/** Makes an empty tally. */
export function createTally(): Tally {
  const counts: Record<string, number> = {};
  return {
    counts,
    add: (name, by = 1) => {
      counts[name] = (counts[name] ?? 0) + by; // none were counted before
    },
  };
}
