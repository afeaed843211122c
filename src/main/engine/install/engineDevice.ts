import { type EngineDevice, toGpuNumber } from "#shared/api/engineDevice.ts";
import { LabError } from "#shared/labError.ts";

/** CUDA's own variable: the cards that a process sees. */
const VISIBLE = "CUDA_VISIBLE_DEVICES";

/** Adds to an environment what lets an engine see the chosen device alone. Throws LabError `engine` where there is no such card. */
export function withEngineDevice(
  env: NodeJS.ProcessEnv,
  device: EngineDevice,
  gpus: readonly string[],
): NodeJS.ProcessEnv {
  if (device === "auto") return env;
  const gpu = toGpuNumber(device);
  if (gpu === null) return { ...env, [VISIBLE]: "-1" };
  if (gpu < gpus.length) return { ...env, CUDA_DEVICE_ORDER: "PCI_BUS_ID", [VISIBLE]: String(gpu) };
  const there = gpus.length === 0 ? "nvidia-smi finds none" : `there are ${gpus.length}, counted from 0`;
  throw new LabError("engine", `${device} was chosen to compute on, and this computer has no such card: ${there}`);
}
