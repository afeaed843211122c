import { describe, expect, it } from "vitest";

import { checkGradient } from "#main/compute/layers/gradientCheck.ts";
import { sigmoid } from "#main/compute/layers/sigmoid.ts";
import type { Value } from "#main/compute/layers/tape.ts";

import { drawTensor } from "#tests/helpers/drawTensor.ts";
import { listKernels } from "#tests/helpers/kernelCases.ts";
import { countLeaks } from "#tests/helpers/tensors.ts";

describe.each(await listKernels())("sigmoid on $name", ({ kernels }) => {
  it("sends the right gradient and leaves nothing behind", async () => {
    const x = drawTensor([2, 5, 7, 3], 1);
    const check = (): number => checkGradient(kernels, [x], (tape, [value]) => sigmoid(tape, value as Value));
    expect(check()).toBeLessThan(1e-3);
    expect(await countLeaks(check)).toBe(0);
    x.dispose();
  });
});
