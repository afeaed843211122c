import { describe, expect, it } from "vitest";

import { checkGradient } from "#main/compute/layers/gradientCheck.ts";
import { leakyRelu } from "#main/compute/layers/leakyRelu.ts";
import type { Value } from "#main/compute/layers/tape.ts";

import { drawAwayFromZero } from "#tests/helpers/drawTensor.ts";
import { listKernels } from "#tests/helpers/kernelCases.ts";

describe.each(await listKernels())("leakyRelu on $name", ({ kernels }) => {
  it("sends the right gradient on both sides of its kink", () => {
    const x = drawAwayFromZero([2, 5, 7, 3], 1);
    expect(checkGradient(kernels, [x], (tape, [value]) => leakyRelu(tape, value as Value))).toBeLessThan(1e-3);
    x.dispose();
  });
});
