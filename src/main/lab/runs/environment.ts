import { availableParallelism, cpus, hostname, release, totalmem } from "node:os";

import { z } from "zod";

import { findNvidiaGpus } from "#main/engine/install/findTools.ts";
import { readJsonFile } from "#main/files/readJsonFile.ts";
import { writeJson } from "#main/store/runs/runFolder.ts";
import type { EngineFacts } from "#shared/api/doctor.ts";
import { LabError, letPass } from "#shared/labError.ts";

import { readProgramVersion } from "./programVersion.ts";

const BYTES_PER_MB = 1024 ** 2;

const environmentSchema = z.looseObject({ earlier: z.array(z.unknown()).readonly().default([]) });

/** Writes where, and by which version of the program, a run is computed into its env.json, and keeps what stood there where that was something else. Throws LabError. */
export async function writeEnvironment(file: string, engine: EngineFacts): Promise<void> {
  const program = await readProgramVersion();
  // Of a card its driver decides, too, what is computed.
  const cards = engine.isGpu ? { gpus: await findNvidiaGpus(process.env) } : {};
  const present = { ...describeMachine(), ...cards, program, engine };
  const found = await readJsonFile(file, environmentSchema).catch(letPass("not_found", "bad_data"));
  const { earlier = [], ...before } = found ?? {};
  const isOther = found !== undefined && JSON.stringify(before) !== JSON.stringify(present);
  await writeJson(file, { ...present, earlier: isOther ? [...earlier, before] : earlier });
}

/** Describes this computer and Node for a run's env.json. */
function describeMachine(): Readonly<Record<string, string | number>> {
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

/** Throws LabError `other_engine` where a run would go on by another engine than the one before; null is not known. */
export function refuseOtherEngine(id: string, before: string | null, now: string | null): void {
  if (before === null || now === null || before === now) return;
  throw new LabError(
    "other_engine",
    `run ${id} was computed by ${before}, and here computes ${now}, which rounds otherwise, so that its numbers ` +
      "would no longer be those of an unbroken run; `hinas runs resume --any-engine` goes on all the same and notes it in the run",
  );
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
