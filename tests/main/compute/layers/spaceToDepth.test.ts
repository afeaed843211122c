import { describe, expect, it } from "vitest";

import type { Shape4D } from "#main/compute/kernels/kernels.ts";
import { checkGradient } from "#main/compute/layers/gradientCheck.ts";
import type { Computation } from "#main/compute/layers/gradientCheck.ts";
import { depthToSpace, spaceToDepth } from "#main/compute/layers/spaceToDepth.ts";
import { leakyRelu } from "#main/compute/layers/leakyRelu.ts";
import { Tape } from "#main/compute/layers/tape.ts";
import type { Value } from "#main/compute/layers/tape.ts";

import { drawAwayFromZero, drawTensor } from "#tests/helpers/drawTensor.ts";
import { listKernels } from "#tests/helpers/kernelCases.ts";
import { countLeaks } from "#tests/helpers/tensors.ts";

const packThenActivate: Computation = (tape, [x]) => leakyRelu(tape, spaceToDepth(tape, x as Value, 2));
const spreadThenActivate: Computation = (tape, [x]) => leakyRelu(tape, depthToSpace(tape, x as Value, 2));

describe.each(await listKernels())("on $name", ({ kernels }) => {
  it.each<[string, Shape4D, Computation]>([
    ["spaceToDepth", [2, 4, 6, 3], packThenActivate],
    ["depthToSpace", [2, 2, 3, 8], spreadThenActivate],
  ])("%s sends the right gradient and leaves nothing behind", async (_name, shape, compute) => {
    const x = drawAwayFromZero(shape, 1);
    const check = (): number => checkGradient(kernels, [x], compute);
    expect(check()).toBeLessThan(1e-3);
    expect(await countLeaks(check)).toBe(0);
    x.dispose();
  });

  it("depthToSpace undoes spaceToDepth", () => {
    const x = drawTensor([2, 6, 9, 2], 2);
    const tape = new Tape(kernels, true);
    const packed = spaceToDepth(tape, tape.leaf(x, false), 3);
    expect(packed.tensor.shape).toEqual([2, 2, 3, 18]);
    expect([...depthToSpace(tape, packed, 3).tensor.dataSync()]).toEqual([...x.dataSync()]);
    tape.dispose();
    x.dispose();
  });
});
