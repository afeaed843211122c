import { cpus, hostname } from "node:os";

import { z } from "zod";

import type { ComputeFunctions, OpenedNetwork } from "#main/compute/protocol.ts";
import type { Store } from "#main/store/openStore.ts";
import type { DenoisingEngine, EngineSpeeds, OnnxDevice } from "#shared/api/denoising.ts";
import type { Lab } from "#shared/api/lab.ts";
import { LabError } from "#shared/labError.ts";

import { type FoundModel, hashModel } from "#main/lab/models/models.ts";
import type { ComputeLease } from "#main/lab/tasks/computeQueue.ts";
import { type TaskComputeContext, useTaskCompute } from "#main/lab/tasks/taskCompute.ts";

/** What the engine for denoising is chosen with. */
export interface DenoiseEngineContext extends Pick<Lab, "getPreferences"> {
  readonly log: (line: string) => void;
  getStore(): Pick<Store, "preferences">;
}

/** A network in the compute process, ready to denoise. */
export interface OpenNetwork {
  readonly compute: ComputeFunctions;
  readonly engine: DenoisingEngine;
  readonly loaded: OpenedNetwork;
  /** The model's. */
  readonly file: string;
  /** What was measured to choose the engine; null where there was no choice. */
  readonly speeds: EngineSpeeds | null;
}

/** What computes a network, as a person or the lab chose it. */
interface EngineChoice {
  readonly engine: DenoisingEngine;
  readonly device: OnnxDevice;
  readonly speeds: EngineSpeeds | null;
}

/** Under this name the speeds lie among the preferences, which only show what their schema knows. */
const MEMORY = "denoisingSpeedsOfLargePhotos";
/** The oldest are forgotten. */
const MOST_REMEMBERED = 200;
const memorySchema = z.array(z.object({ key: z.string(), tensorflow: z.number(), onnxruntime: z.number() }));

/**
 * Loads a network by the engine that the person prefers. By itself it takes onnxruntime where TensorFlow is not in place, so
 * that nothing is installed for a photo; where both are, the one that was faster for this network on this device when it
 * was first used. A device that is named asks for onnxruntime; where it is not there, the network says so. Where somebody
 * waits nothing is measured: onnxruntime, which begins sooner, then does what nothing is known of.
 */
export async function openNetwork(
  context: DenoiseEngineContext,
  lease: ComputeLease,
  model: FoundModel,
  named: OnnxDevice | null = null,
  isQuick = false,
): Promise<OpenNetwork> {
  const { denoisingEngine: wanted, denoisingDevice } = await context.getPreferences();
  if (named !== null) return openBy(lease, model, { engine: "onnxruntime", device: named, speeds: null });
  const device = denoisingDevice;
  if (wanted !== "auto") return openBy(lease, model, { engine: wanted, device, speeds: null });
  try {
    return await openBy(lease, model, await chooseEngine(context, lease, model, device, isQuick));
  } catch (error) {
    if (!(error instanceof LabError) || error.kind !== "engine") throw error;
    context.log(`${error.message}; TensorFlow denoises in its place`);
    return openBy(lease, model, { engine: "tensorflow", device, speeds: null });
  }
}

/** Starts the process that denoises, with the engine where that is in place; nothing is installed, and nobody waits for it. */
export async function prepareDenoising(context: DenoiseEngineContext & TaskComputeContext): Promise<void> {
  const { denoisingEngine: wanted } = await context.getPreferences();
  const prepare = async (lease: ComputeLease): Promise<void> => {
    const { compute, hasEngine } = await lease.getBareCompute();
    if (hasEngine && wanted !== "onnxruntime") await compute.describeEngine();
  };
  void useTaskCompute(context, null, {}, prepare).catch((error: unknown) => context.log(String(error)));
}

async function openBy(
  lease: ComputeLease,
  model: FoundModel,
  { engine, device, speeds }: EngineChoice,
): Promise<OpenNetwork> {
  const compute = engine === "tensorflow" ? await lease.getCompute() : (await lease.getBareCompute()).compute;
  const { checkpointFile: file } = model;
  return { compute, engine, loaded: await compute.loadNetwork(file, engine, device), file, speeds };
}

async function chooseEngine(
  context: DenoiseEngineContext,
  lease: ComputeLease,
  model: FoundModel,
  device: OnnxDevice,
  isQuick: boolean,
): Promise<EngineChoice> {
  const { compute, hasEngine } = await lease.getBareCompute();
  if (!hasEngine) return { engine: "onnxruntime", device, speeds: null };
  const place = device === "cpu" ? "" : ` ${device}`;
  const key = `${await hashModel(model)} ${hostname()} ${cpus().length} ${cpus()[0]?.model ?? ""}${place}`;
  const known = recall(context, key);
  if (known !== null) return { engine: fasterOf(known), device, speeds: known };
  if (isQuick) return { engine: "onnxruntime", device, speeds: null };
  const speeds = await compute.measureEngines(model.checkpointFile, device);
  remember(context, key, speeds);
  // The one that measured holds both engines, some hundred megabytes more than a photo needs.
  await lease.restart();
  const faster = fasterOf(speeds);
  const [tensorflow, onnxruntime] = [speeds.tensorflow.toFixed(2), speeds.onnxruntime.toFixed(2)];
  context.log(
    `denoising by ${faster}: a megapixel takes TensorFlow ${tensorflow} s here, onnxruntime ${onnxruntime} s`,
  );
  return { engine: faster, device, speeds };
}

function fasterOf({ tensorflow, onnxruntime }: EngineSpeeds): DenoisingEngine {
  return tensorflow < onnxruntime ? "tensorflow" : "onnxruntime";
}

function recall(context: DenoiseEngineContext, key: string): EngineSpeeds | null {
  const known = readMemory(context).find((each) => each.key === key);
  return known === undefined ? null : { tensorflow: known.tensorflow, onnxruntime: known.onnxruntime };
}

function remember(context: DenoiseEngineContext, key: string, speeds: EngineSpeeds): void {
  const others = readMemory(context).filter((each) => each.key !== key);
  context.getStore().preferences.put(MEMORY, [...others, { key, ...speeds }].slice(-MOST_REMEMBERED));
}

/** What makes no sense any more is measured again. */
function readMemory(context: DenoiseEngineContext): z.infer<typeof memorySchema> {
  const kept = memorySchema.safeParse(context.getStore().preferences.readAll()[MEMORY]);
  return kept.success ? kept.data : [];
}
