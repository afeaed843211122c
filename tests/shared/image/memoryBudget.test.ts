import { describe, expect, it } from "vitest";

import { preferencesSchema } from "#shared/api/preferences.ts";
import { denoiseRequestSchema } from "#shared/api/denoising.ts";
import { evaluationConfigSchema } from "#shared/runs/config.ts";

const schemas = {
  "an evaluation": evaluationConfigSchema.shape.memoryBudgetMb,
  "the preferences": preferencesSchema.shape.memoryBudgetMb,
  "denoising in the window": denoiseRequestSchema.shape.memoryBudgetMb,
};

describe.each(Object.entries(schemas))("the memory budget of %s", (_name, schema) => {
  it.each([0, 63, 1_048_577, 1e12, 640.5, NaN])("is not %d MB", (budget) => {
    expect(schema.safeParse(budget).success).toBe(false);
  });

  it.each([64, 640, 1_048_576])("may be %d MB", (budget) => {
    expect(schema.parse(budget)).toBe(budget);
  });
});
