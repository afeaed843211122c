import { at } from "#shared/at.ts";

import type { AskTell } from "#main/compute/search/strategies/askTell.ts";

import { nextOfBracket, nextPromotion } from "./nextTraining.ts";

/** An architecture that was asked for, and its scores from the lowest rung up. */
export interface Entry<A> {
  readonly architecture: A;
  readonly scores: readonly number[];
}

/** What is to be scored next: an architecture, and on which rung, counted from 0. */
export interface Task<A> {
  readonly architecture: A;
  readonly rung: number;
}

/** How candidates take their turns. An estimator without rungs has one, and asks for one candidate after the other. */
export interface RoundsPlan {
  /** Steps of a training on each rung, from the lowest up. */
  readonly steps: readonly number[];
  readonly factor: number;
  /** Candidates that begin together and are told together; null where one begins as soon as none is to go on. */
  readonly bracket: number | null;
  readonly candidates: number;
  readonly totalSteps: number;
}

/**
 * Asks a strategy for candidates, says which is trained next on which rung, and tells the strategy their scores: by brackets
 * (successive halving), or each at once and again when it has gone on (asynchronous halving). Who comes next follows from the scores so
 * far alone, so that a continuation goes on the same way.
 */
export class Rounds<A> {
  readonly #strategy: AskTell<A>;
  readonly #plan: RoundsPlan;
  readonly #entries: { readonly architecture: A; readonly scores: number[] }[];
  #told: number;
  #current: { readonly entry: number; readonly rung: number } | null = null;
  #isExhausted = false;
  #ended = 0;
  #steps = 0;

  /** `saved` are the entries of before, `told` how many of them the strategy knows the scores of. */
  constructor(strategy: AskTell<A>, plan: RoundsPlan, saved: readonly Entry<A>[], told: number) {
    this.#strategy = strategy;
    this.#plan = plan;
    this.#entries = saved.map(({ architecture, scores }) => ({ architecture, scores: [...scores] }));
    this.#told = told;
    for (const { scores } of saved) for (const rung of scores.keys()) this.#count(rung);
  }

  /** What is being scored; null before the first question and at the end. */
  get current(): Task<A> | null {
    if (this.#current === null) return null;
    const { entry, rung } = this.#current;
    return { architecture: at(this.#entries, entry, "candidates").architecture, rung };
  }

  /** Scores so far, one for each rung of each candidate. */
  get ended(): number {
    return this.#ended;
  }

  /** Steps of all trainings that have ended. */
  get steps(): number {
    return this.#steps;
  }

  /** Whether the strategy had fewer candidates than it was asked for. */
  get isExhausted(): boolean {
    return this.#isExhausted;
  }

  /** All candidates so far, in the order in which they were asked for. */
  get entries(): readonly Entry<A>[] {
    return this.#entries;
  }

  /** Goes to the next training; null where the budget or the space is used up. */
  next(): Task<A> | null {
    this.#current = this.#plan.bracket === null ? this.#nextAtOnce() : this.#nextInBracket(this.#plan.bracket);
    return this.current;
  }

  /** Ends the present training with its score. */
  end(score: number): void {
    if (this.#current === null) throw new Error("candidates: there is none to score");
    const { entry, rung } = this.#current;
    const { architecture, scores } = at(this.#entries, entry, "candidates");
    scores.push(score);
    this.#count(rung);
    this.#current = null;
    if (this.#plan.bracket !== null) this.#tellBracket();
    else if (rung === 0) {
      this.#told += 1;
      this.#strategy.tell([{ architecture, score }]);
    } else this.#strategy.revise(entry, score);
  }

  #nextAtOnce(): { readonly entry: number; readonly rung: number } | null {
    const { candidates, totalSteps } = this.#plan;
    const fits = (rung: number): boolean => this.steps + this.#stepsOn(rung) <= totalSteps;
    const unscored = this.#entries.findIndex(({ scores }) => scores.length === 0);
    if (unscored !== -1) return { entry: unscored, rung: 0 };
    const promoted = nextPromotion(this.#allScores(), this.#ladder);
    if (promoted !== null) return fits(promoted.rung) ? promoted : null;
    if (this.#entries.length >= candidates || !fits(0) || !this.#ask(1)) return null;
    return { entry: this.#entries.length - 1, rung: 0 };
  }

  #nextInBracket(size: number): { readonly entry: number; readonly rung: number } | null {
    if (this.#told === this.#entries.length) {
      const wanted = Math.min(size, this.#plan.candidates - this.#entries.length);
      if (wanted === 0 || !this.#ask(wanted)) return null;
    }
    const found = nextOfBracket(this.#allScores().slice(this.#told), this.#ladder);
    return found === null ? null : { entry: this.#told + found.entry, rung: found.rung };
  }

  /** Tells the scores of a bracket on each one's highest rung, once it is over. */
  #tellBracket(): void {
    const bracket = this.#entries.slice(this.#told);
    if (nextOfBracket(this.#allScores().slice(this.#told), this.#ladder) !== null) return;
    this.#told = this.#entries.length;
    this.#strategy.tell(
      bracket.map(({ architecture, scores }) => ({ architecture, score: at(scores, scores.length - 1, "scores") })),
    );
  }

  /** Returns false where there is none left. */
  #ask(count: number): boolean {
    const asked = this.#strategy.ask(count);
    this.#isExhausted = asked.length < count;
    this.#entries.push(...asked.map((architecture) => ({ architecture, scores: [] })));
    return asked.length > 0;
  }

  #count(rung: number): void {
    this.#ended += 1;
    this.#steps += this.#stepsOn(rung);
  }

  #allScores(): readonly (readonly number[])[] {
    return this.#entries.map(({ scores }) => scores);
  }

  #stepsOn(rung: number): number {
    return at(this.#plan.steps, rung, "rungs");
  }

  get #ladder(): { readonly rungs: number; readonly factor: number } {
    return { rungs: this.#plan.steps.length, factor: this.#plan.factor };
  }
}
