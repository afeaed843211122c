import { describe, expect, it } from "vitest";

import { searchConfigSchema, storedTrainConfigSchema, trainConfigSchema } from "#shared/runs/config.ts";

const KINDS = ["sgd", "adam"] as const;
const PUBLISHED = { outputRateFactor: 1 / 8, biasRateFactor: 2 };
const NONE = { outputRateFactor: 1, biasRateFactor: 1 };

describe("the rates of the last convolution and of biases", () => {
  it("are the published ones with SGD, and those of all else with Adam", () => {
    const optimiserOf = (kind: string) =>
      trainConfigSchema.parse({ training: { optimiser: { kind } } }).training.optimiser;
    expect(optimiserOf("sgd")).toMatchObject(PUBLISHED);
    expect(optimiserOf("adam")).toMatchObject(NONE);
    expect(searchConfigSchema.parse({}).search.weights.outputRateFactor).toBe(1 / 8);
  });

  it.each(KINDS)(
    "stay in a stored training with %s that does not name them what they were before they were settings",
    (kind) => {
      const stored = storedTrainConfigSchema.parse({ seed: 7, training: { steps: 9, optimiser: { kind } } });
      expect(stored).toMatchObject({ seed: 7, training: { steps: 9, optimiser: { kind, ...PUBLISHED } } });
    },
  );

  it.each(KINDS)("are in a stored training with %s what it names", (kind) => {
    const config = trainConfigSchema.parse({
      training: { optimiser: { kind, outputRateFactor: 0.5, biasRateFactor: 3 } },
    });
    expect(storedTrainConfigSchema.parse(config)).toEqual(config);
  });

  it("are not looked for in what is no training", () => {
    expect(storedTrainConfigSchema.safeParse("nothing").success).toBe(false);
    expect(storedTrainConfigSchema.parse({})).toEqual(trainConfigSchema.parse({}));
  });
});
