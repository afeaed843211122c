import { cpus } from "node:os";

import type { EngineFacts } from "#shared/api/doctor.ts";

import type { Engine } from "./engine.ts";

/** Describes a running engine. The routes that led to it are the host's to tell. */
export function describeEngine(engine: Engine): EngineFacts {
  const { backend, tensorflowVersion, isGpu, dilationRoute, fallbackReason } = engine;
  return {
    backend,
    tensorflowVersion,
    device: isGpu ? "GPU" : (cpus()[0]?.model ?? "unknown processor"),
    isGpu,
    oneDnn: backend === "tensorflow" && !isGpu && process.env["TF_ENABLE_ONEDNN_OPTS"] === "1",
    dilatedConvolution: dilationRoute,
    fallbackReason,
    routes: [],
  };
}
