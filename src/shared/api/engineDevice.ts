import { z } from "zod";

/** What the engine computes on: what it finds best, the processor, or an NVIDIA card by its number from 0 as `nvidia-smi` counts. */
export const engineDeviceSchema = z.union([
  z.enum(["auto", "cpu"]),
  z.templateLiteral(["gpu:", z.int()]).refine((text) => !text.includes("-")),
]);
export type EngineDevice = z.infer<typeof engineDeviceSchema>;

/** Returns the number of the card that a device names; null where it names none. */
export function toGpuNumber(device: EngineDevice): number | null {
  return device === "auto" || device === "cpu" ? null : Number(device.slice("gpu:".length));
}
