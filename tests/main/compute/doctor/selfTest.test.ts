import * as tf from "@tensorflow/tfjs-core";
import type { Tensor4D } from "@tensorflow/tfjs-core";
import { describe, expect, it } from "vitest";

import { runSelfTest } from "#main/compute/doctor/selfTest.ts";
import { startEngine } from "#main/compute/engine/engine.ts";
import type { Engine } from "#main/compute/engine/engine.ts";
import { PortableKernels } from "#main/compute/kernels/portableKernels.ts";
import { PRIMITIVES } from "#shared/space/cells/primitives.ts";

import { listKernels } from "#tests/helpers/kernelCases.ts";
import { countLeaks } from "#tests/helpers/tensors.ts";

const engine = await startEngine();
const cases = await listKernels();

/** An engine whose gradients of a 1x1 filter, by which skip connections go, come back twice as large. */
class DoubledCopyKernels extends PortableKernels {
  override conv2dFilterGradient(
    ...[x, shape, dy, dilation]: Parameters<PortableKernels["conv2dFilterGradient"]>
  ): Tensor4D {
    const gradient = super.conv2dFilterGradient(x, shape, dy, dilation);
    return shape[0] === 1 ? tf.mul(gradient, 2) : gradient;
  }
}

/** An engine such as some builds are: gradients of dilated filters come back as if there were no dilation. */
class WrongDilationKernels extends PortableKernels {
  override conv2dFilterGradient(...[x, shape, dy]: Parameters<PortableKernels["conv2dFilterGradient"]>): Tensor4D {
    return super.conv2dFilterGradient(x, shape, dy, 1);
  }
}

describe("runSelfTest", () => {
  it.each(cases)("finds every primitive's gradient and the loss's right on $name", ({ kernels }) => {
    const results = runSelfTest({ ...engine, kernels });
    expect(results.map(({ name }) => name)).toEqual([...PRIMITIVES, "loss"]);
    expect(results.filter(({ ok }) => !ok)).toEqual([]);
  });

  it("finds out an engine that ignores the dilation in gradients", () => {
    const broken: Engine = { ...engine, kernels: new WrongDilationKernels() };
    const failed = runSelfTest(broken).filter(({ ok }) => !ok);
    expect(failed.map(({ name }) => name)).toEqual(["dil_conv_3x3", "dil_conv_5x5"]);
    expect(failed.every(({ relativeError, tolerance }) => relativeError > tolerance)).toBe(true);
  });

  it("finds out an engine that is wrong where states are copied", () => {
    const broken: Engine = { ...engine, kernels: new DoubledCopyKernels() };
    const failed = runSelfTest(broken).filter(({ ok }) => !ok);
    expect(failed.map(({ name }) => name)).toEqual(expect.arrayContaining(["skip_connect", "none"]));
  });

  it("leaves no tensor behind", async () => {
    expect(await countLeaks(() => runSelfTest(engine))).toBe(0);
  });
});
