import { z } from "zod";

import { at } from "#shared/at.ts";
import { softmax } from "#shared/space/cells/softmax.ts";
import type { ReinforceSettings } from "#shared/runs/strategySchema.ts";
import { LabError } from "#shared/labError.ts";

import { drawWeighted } from "#shared/space/candidates/levelPaths.ts";

import type { AskTellStart, Method } from "./askTell.ts";

const rowsSchema = z.array(z.array(z.number()));
const savedSchema = z.strictObject({
  logits: rowsSchema,
  firstMoment: rowsSchema,
  secondMoment: rowsSchema,
  steps: z.int().min(0),
  scores: z.number(),
  weights: z.number(),
});
type Controller = z.infer<typeof savedSchema>;

/** Adam as its authors give it (Kingma and Ba 2015). */
const ADAM = { beta1: 0.9, beta2: 0.999, epsilon: 1e-8 };
/** Draws of the controller that the space may refuse before one is drawn at random. */
const MOST_TRIES = 1000;

/**
 * REINFORCE with a controller of one categorical distribution per choice and a running average of the scores as baseline.
 * An architecture may come again: that is how the controller settles. Throws LabError bad_config for a space without choices.
 */
export function reinforce<A>({ space, saved }: AskTellStart<A>, settings: ReinforceSettings): Method<A> {
  const { decisions } = space;
  if (decisions === null) {
    throw new LabError("bad_config", "search.strategy.kind reinforce needs a space of choices made one by one");
  }
  const zeros = (): number[][] => decisions.counts.map((count) => Array.from({ length: count }, () => 0));
  const begin = (): Controller => ({
    logits: zeros(),
    firstMoment: zeros(),
    secondMoment: zeros(),
    steps: 0,
    scores: 0,
    weights: 0,
  });
  const controller = saved === null ? begin() : savedSchema.parse(saved.own);
  return {
    propose: (soFar, random) => {
      for (let tries = 0; tries < MOST_TRIES; tries++) {
        const built = decisions.build(controller.logits.map((row) => drawWeighted(softmax(row), random)));
        if (built === null) continue;
        soFar.note(built, { entropy: entropyOf(controller) });
        return built;
      }
      return soFar.sampleNew(random);
    },
    learn: (results) => {
      for (const { architecture, score } of results) {
        controller.scores = settings.baselineDecay * controller.scores + (1 - settings.baselineDecay) * score;
        controller.weights = settings.baselineDecay * controller.weights + (1 - settings.baselineDecay);
        const advantage = score - controller.scores / controller.weights;
        climb(controller, decisions.read(architecture), advantage, settings.learningRate);
      }
    },
    save: () => structuredClone(controller),
  };
}

/** Moves the logits up the gradient of advantage times log-probability by one step of Adam. */
function climb(controller: Controller, choices: readonly number[], advantage: number, learningRate: number): void {
  const { beta1, beta2, epsilon } = ADAM;
  controller.steps += 1;
  for (const [index, row] of controller.logits.entries()) {
    const chances = softmax(row);
    const first = at(controller.firstMoment, index, "moments");
    const second = at(controller.secondMoment, index, "moments");
    controller.logits[index] = row.map((logit, option) => {
      const gradient = advantage * ((option === choices[index] ? 1 : 0) - at(chances, option, "chances"));
      first[option] = beta1 * at(first, option, "moments") + (1 - beta1) * gradient;
      second[option] = beta2 * at(second, option, "moments") + (1 - beta2) * gradient ** 2;
      const mean = first[option] / (1 - beta1 ** controller.steps);
      const size = Math.sqrt(second[option] / (1 - beta2 ** controller.steps));
      return logit + (learningRate * mean) / (size + epsilon);
    });
  }
}

/** The mean entropy of a saved controller's choices in nats: what is left to be decided. */
export function controllerEntropy(own: unknown): number {
  return entropyOf(savedSchema.parse(own));
}

function entropyOf({ logits }: Controller): number {
  const entropies = logits.map((row) => -softmax(row).reduce((sum, chance) => sum + chance * Math.log(chance), 0));
  return entropies.reduce((sum, entropy) => sum + entropy, 0) / entropies.length;
}
