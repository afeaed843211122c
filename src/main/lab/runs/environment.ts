import { availableParallelism, cpus, hostname, release, totalmem } from "node:os";

import type { EngineFacts } from "#shared/api/doctor.ts";

const BYTES_PER_MB = 1024 ** 2;

/** Describes this computer and Node for a run's env.json. */
export function describeMachine(): Readonly<Record<string, string | number>> {
  return {
    schema: "hinas.environment",
    version: 1,
    node: process.version,
    system: `${process.platform} ${process.arch} ${release()}`,
    host: hostname(),
    processor: cpus()[0]?.model.trim() ?? "unknown",
    cores: availableParallelism(),
    memoryMb: Math.round(totalmem() / BYTES_PER_MB),
  };
}

/** Names an engine in one line, e.g. `tensorflow 2.21.0 on CPU with oneDNN`. */
export function engineInWords({ backend, tensorflowVersion, device, oneDnn }: EngineFacts): string {
  const version = tensorflowVersion === null ? "" : ` ${tensorflowVersion}`;
  return `${backend}${version} on ${device}${oneDnn ? " with oneDNN" : ""}`;
}

/** Describes an engine as fully as a report of trouble needs it. */
export function engineForLog(facts: EngineFacts): string {
  const routes = facts.routes.map(({ route, ok, detail }) => `${route} ${ok ? "works" : "failed"}: ${detail}`);
  const dilation = `dilated convolution ${facts.dilatedConvolution.replaceAll("_", " ")}`;
  return [`engine: ${engineInWords(facts)}, ${dilation}`, ...routes].join("; ");
}

/** Warns that plain JavaScript computes, with the reason; null where TensorFlow does. */
export function warnOfFallback({ backend, fallbackReason }: EngineFacts): string | null {
  if (backend === "tensorflow") return null;
  const reason = fallbackReason ?? "no reason is known";
  return (
    `TensorFlow does not run here, so plain JavaScript computes, a hundred times slower and more: ${reason} ` +
    "(`hinas doctor` says what helps)"
  );
}
