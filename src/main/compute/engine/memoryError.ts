import { LabError } from "#shared/labError.ts";

/** How TensorFlow, CUDA and JavaScript say that memory could not be had. */
const TEXTS = /OOM when allocating|out[ _]of[ _]memory|failed to allocate memory|array buffer allocation failed/i;

/** Turns an error that says that memory ran out into a LabError `memory`; returns every other as it is. */
export function toMemoryError(error: unknown): unknown {
  if (error instanceof LabError || !(error instanceof Error) || !TEXTS.test(error.message)) return error;
  return new LabError("memory", `compute: memory ran out: ${error.message}`, { cause: error });
}
