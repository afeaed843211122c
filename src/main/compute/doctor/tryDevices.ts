import { ONNX_DEVICES } from "#shared/api/denoising.ts";
import type { OnnxDeviceFacts } from "#shared/api/doctor.ts";

import { loadOnnxRuntime, tryDevice } from "#main/compute/engine/onnxRuntime.ts";
import { encodeOnnx, FLOAT } from "#main/export/onnxModel.ts";

/** The smallest model that has something to compute. */
const PROBE = encodeOnnx({
  nodes: [{ name: "probe", op: "LeakyRelu", inputs: ["x"], output: "y", attributes: { alpha: { f: 0.1 } } }],
  initializers: [],
  inputs: [{ name: "x", type: FLOAT, dims: [1, 1, 8, 8] }],
  outputs: [{ name: "y", type: FLOAT, dims: [1, 1, 8, 8] }],
  metadata: {},
});

/** Tries everything that onnxruntime may compute on, the processor first. */
export async function tryDevices(): Promise<readonly OnnxDeviceFacts[]> {
  const facts: OnnxDeviceFacts[] = [];
  try {
    const runtime = await loadOnnxRuntime();
    for (const device of ONNX_DEVICES) {
      const problem = await tryDevice(runtime, PROBE, device);
      facts.push({ device, ok: problem === null, detail: problem ?? "works" });
    }
    return facts;
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error);
    return ONNX_DEVICES.map((device) => ({ device, ok: false, detail }));
  }
}
