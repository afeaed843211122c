import { startEngine } from "#main/compute/engine/engine.ts";
import type { TrainingKernels } from "#main/compute/kernels/kernels.ts";
import { PortableKernels } from "#main/compute/kernels/portableKernels.ts";
import { TensorflowKernels } from "#main/compute/kernels/tensorflowKernels.ts";
import { getTensorflowBackend } from "#main/compute/kernels/tensorflowBackend.ts";
import type { DilationRoute } from "#main/compute/kernels/tensorflowKernels.ts";

/** One way to compute, with its name for titles. */
export interface KernelCase {
  readonly name: string;
  readonly kernels: TrainingKernels;
}

/** Lists TensorFlow's kernels by every route for dilations that this machine's engine can take; none without the engine. */
export async function listTensorflowKernels(): Promise<KernelCase[]> {
  const { backend, dilationRoute } = await startEngine();
  if (backend === "cpu") {
    return [];
  }
  const native = getTensorflowBackend();
  const routes: readonly DilationRoute[] =
    dilationRoute === "native" ? ["native", "space_to_batch"] : ["space_to_batch"];
  return routes.map((route) => ({
    name: `TensorFlow's kernels, ${route} dilation`,
    kernels: new TensorflowKernels(native, route),
  }));
}

/** Lists every kind of kernels that runs on this machine. */
export async function listKernels(): Promise<KernelCase[]> {
  return [...(await listTensorflowKernels()), { name: "portable kernels", kernels: new PortableKernels() }];
}
