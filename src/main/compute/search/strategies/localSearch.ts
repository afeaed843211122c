import { z } from "zod";

import { at } from "#shared/at.ts";
import { createRandom, permutation } from "#shared/random/createRandom.ts";

import type { AskTellStart, Method, Scored } from "./askTell.ts";

const savedSchema = z.strictObject({
  centre: z.strictObject({ architecture: z.unknown(), score: z.number() }).nullable(),
});

/**
 * Local search (White and others 2021): tries what is one change away from the best of this climb, in random order, and moves
 * to the first that is better; at a summit it begins anew at a random architecture.
 */
export function searchLocally<A>({ space, seed, saved }: AskTellStart<A>): Method<A> {
  const before = saved === null ? null : savedSchema.parse(saved.own).centre;
  let centre: Scored<A> | null =
    before === null
      ? null
      : { architecture: space.parse(before.architecture, "checkpoint: the centre"), score: before.score };
  return {
    propose: (soFar, random) => {
      if (centre !== null) {
        const around = space.neighbours(centre.architecture);
        const order = permutation(around.length, createRandom(seed, "around", space.key(centre.architecture)));
        const next = Array.from(order, (index) => at(around, index, "neighbours")).find((each) => !soFar.isKnown(each));
        if (next !== undefined) {
          soFar.note(next, { parent: centre.architecture });
          return next;
        }
        centre = null;
      }
      return soFar.sampleNew(random);
    },
    learn: (results) => {
      for (const result of results) if (centre === null || result.score > centre.score) centre = result;
    },
    save: () => ({ centre }),
  };
}
