import { mkdir, readFile } from "node:fs/promises";
import { join } from "node:path";

import * as tf from "@tensorflow/tfjs-core";
import { onTestFinished } from "vitest";

import { decodeSafetensors } from "#main/compute/checkpoint/safetensors.ts";
import { startEngine } from "#main/compute/engine/engine.ts";
import type { JobContext } from "#main/compute/job/jobContext.ts";
import { JobControl } from "#main/compute/job/jobControl.ts";
import type { SamplePicture } from "#main/compute/protocol.ts";
import type { NamedPhoto } from "#shared/image/photo.ts";
import type { ComputeEvent } from "#shared/runs/runEvent.ts";

import { makeFolder } from "#tests/helpers/labHome.ts";
import { makeGreyPhoto } from "#tests/helpers/makePhoto.ts";

/** A job's context, with all that it told. */
export interface TestContext extends JobContext {
  readonly events: readonly ComputeEvent[];
  readonly samples: readonly SamplePicture[];
}

/** Makes a context with a few photos in every set; `onEvent` may give orders by the control. */
export async function makeContext(
  onEvent: (event: ComputeEvent, control: JobControl) => void = () => undefined,
): Promise<TestContext> {
  const control = new JobControl();
  const events: ComputeEvent[] = [];
  const samples: SamplePicture[] = [];
  return {
    engine: await startEngine(),
    control,
    events,
    samples,
    photos: {
      weights: drawPhotos(3, 0),
      architecture: drawPhotos(3, 10),
      training: drawPhotos(4, 20),
      validation: drawPhotos(1, 30),
    },
    emit: (event) => {
      events.push(event);
      onEvent(event, control);
    },
    show: (sample) => void samples.push(sample),
    settle: async () => undefined,
  };
}

/** Stripes and waves, each photo its own. */
function drawPhotos(count: number, first: number): NamedPhoto[] {
  return Array.from({ length: count }, (_, index) => ({
    name: `photo-${first + index}`,
    clean: makeGreyPhoto(
      26,
      24,
      (x, y) => 0.5 + 0.4 * Math.sin(0.2 * (index + first) + 0.3 * x * (1 + (index % 2)) + 0.2 * y),
    ),
  }));
}

/** The same context with validation photos to which no output comes near: their scores are no numbers. */
export function withoutScore(context: TestContext): TestContext {
  const validation = context.photos.validation.map(({ name, clean }) => ({
    name,
    clean: { ...clean, data: clean.data.map(() => Number.NaN) },
  }));
  return { ...context, photos: { ...context.photos, validation } };
}

/** Makes a run folder that is removed at the test's end, or when the caller says. */
export async function makeRunFolder(onEnd: Parameters<typeof makeFolder>[0] = onTestFinished): Promise<string> {
  const folder = await makeFolder(onEnd);
  await mkdir(join(folder, "checkpoints"));
  return folder;
}

/** Reads everything that a checkpoint holds. */
export async function readAll(folder: string, name = "last"): Promise<ReturnType<typeof decodeSafetensors>> {
  const file = join(folder, "checkpoints", `${name}.safetensors`);
  return decodeSafetensors(await readFile(file), file);
}

/** What must not depend on interruptions: everything told but times, memory, and what saving and resuming add. */
export function numbersOf(events: readonly ComputeEvent[]): readonly ComputeEvent[] {
  return events.filter((event) => {
    const isKept = event.type === "checkpoint" && event.kind !== "last";
    return isKept || event.type === "arch" || event.type === "validation";
  });
}

/** Lets tensor ids go on from a number until the test's end, as after a very long run. */
export function useTensorIdsFrom(id: number): void {
  const engine = tf.engine().constructor as unknown as { nextTensorId: number };
  const before = engine.nextTensorId;
  engine.nextTensorId = id;
  onTestFinished(() => {
    engine.nextTensorId = before;
  });
}
