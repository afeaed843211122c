import { at } from "#shared/at.ts";
import { countOnRung } from "#shared/runs/halving.ts";

/** How many rungs there are, and that one in so many goes on to the next. */
interface Ladder {
  readonly rungs: number;
  readonly factor: number;
}

/** One entry's scores from the lowest rung up: as many as the rungs that it was trained on. */
export type RungScores = readonly number[];

/** Which training comes next: of which entry, on which rung. */
export interface NextTraining {
  readonly entry: number;
  readonly rung: number;
}

/**
 * Finds the next training of a bracket by successive halving (Jamieson and Talwalkar 2016): the best on a rung go on when all of it have
 * their scores. Null where none is left.
 */
export function nextOfBracket(bracket: readonly RungScores[], { rungs, factor }: Ladder): NextTraining | null {
  let onRung = bracket.map((_, entry) => entry);
  for (let rung = 0; rung < rungs; rung++) {
    const entry = onRung.find((each) => at(bracket, each, "bracket").length <= rung);
    if (entry !== undefined) return { entry, rung };
    onRung = rankOn(rung, bracket, onRung).slice(0, countOnRung(bracket.length, rung + 1, factor));
  }
  return null;
}

/**
 * Finds whom asynchronous halving (Li and others 2020) promotes: from the highest rung down, the best of those among a rung's first
 * 1 / factor that did not go on yet. Null where a new one has to begin.
 */
export function nextPromotion(entries: readonly RungScores[], { rungs, factor }: Ladder): NextTraining | null {
  for (let rung = rungs - 2; rung >= 0; rung--) {
    const onRung = entries.flatMap(({ length }, entry) => (length > rung ? [entry] : []));
    const best = rankOn(rung, entries, onRung).slice(0, countOnRung(onRung.length, 1, factor));
    const entry = best.find((each) => at(entries, each, "entries").length === rung + 1);
    if (entry !== undefined) return { entry, rung: rung + 1 };
  }
  return null;
}

/** Orders entries by their scores on a rung, the best first, the earlier of two that are equal. */
function rankOn(rung: number, entries: readonly RungScores[], among: readonly number[]): number[] {
  const scoreOf = (entry: number): number => at(at(entries, entry, "entries"), rung, "rungs");
  return among.toSorted((a, b) => scoreOf(b) - scoreOf(a));
}
