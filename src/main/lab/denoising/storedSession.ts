import { basename, join } from "node:path";

import { z } from "zod";

import type { PixelFile } from "#main/files/pixelFile.ts";
import { DENOISING_ENGINES, type DenoiseRequest, denoiseRequestSchema, ONNX_DEVICES } from "#shared/api/denoising.ts";
import type { Task } from "#shared/api/tasks.ts";
import { noiseSchema, type SettledNoise } from "#shared/image/noise.ts";

import type { KeptPixels, TaskItem } from "./denoiseItems.ts";

const channelsSchema = z.union([z.literal(1), z.literal(3)]);
const sizeSchema = z.int().positive();

const sourceSchema = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("file"), cleanFile: z.string(), noisyFile: z.string().nullable() }),
  z.object({ kind: z.literal("sample"), index: z.int().min(0) }),
]);

/** What is known of a session when it begins. */
export const sessionSchema = z.object({
  schema: z.literal("hinas.session"),
  version: z.literal(1),
  id: z.string().min(1),
  title: z.string(),
  createdAt: z.string(),
  request: denoiseRequestSchema,
  photos: z.array(z.object({ name: z.string(), source: sourceSchema, model: z.string().nullable() })),
});
export type StoredSession = z.infer<typeof sessionSchema>;

const pixelsSchema = z.object({ file: z.string(), width: sizeSchema, height: sizeSchema, channels: channelsSchema });

const factsSchema = z.object({
  index: z.int().min(0),
  name: z.string(),
  source: z.string(),
  model: z.string().nullable(),
  why: z.string().nullable(),
  isFile: z.boolean(),
  state: z.enum(["waiting", "running", "done", "skipped", "failed"]),
  error: z.string().nullable(),
  engine: z.enum(DENOISING_ENGINES).nullable(),
  device: z.enum(ONNX_DEVICES).nullable(),
  speeds: z.record(z.enum(DENOISING_ENGINES), z.number()).nullable(),
  remarks: z.array(z.string()),
  width: sizeSchema.nullable(),
  height: sizeSchema.nullable(),
  channels: channelsSchema.nullable(),
  bitDepth: z.union([z.literal(8), z.literal(16)]).nullable(),
  seconds: z.number().nullable(),
  output: z.string().nullable(),
  hasClean: z.boolean(),
  psnrDb: z.object({ noisy: z.number(), denoised: z.number() }).nullable(),
  estimatedSigma255: z.number().nullable(),
  sigma255: z.number().nullable(),
  revision: z.int().min(0),
});

/** A result, or what stopped it. */
export const resultSchema = z.object({
  facts: factsSchema,
  kept: z
    .object({
      clean: pixelsSchema.nullable(),
      input: pixelsSchema,
      output: pixelsSchema,
      // What is settled has the form of what was asked for, with figures in place of ranges.
      noise: z.custom<SettledNoise>((noise) => noiseSchema.safeParse(noise).success).nullable(),
      estimatedSigma255: z.number(),
      imageChannels: channelsSchema,
      channels: channelsSchema,
      bitDepth: z.union([z.literal(8), z.literal(16)]),
      icc: z.base64().nullable(),
      before: z.string().nullable(),
    })
    .nullable(),
});
export type StoredResult = z.infer<typeof resultSchema>;

/** Says of a session what a restart needs. */
export function storeSession(
  { id, title, createdAt }: Pick<Task, "id" | "title" | "createdAt">,
  { models, inputs, ...request }: DenoiseRequest,
  items: readonly TaskItem[],
): z.input<typeof sessionSchema> {
  const photos = items.map(({ photo: { name, source }, facts }) => ({ name, source, model: facts.model }));
  // The photos stand there one by one.
  return {
    schema: "hinas.session",
    version: 1,
    id,
    title,
    createdAt,
    request: { ...request, models: [...models], inputs: inputs.slice(0, 1) },
    photos,
  };
}

/** Says of an item what a restart needs; files by their names in the session's folder. */
export function storeResult({ facts, pixels }: TaskItem): StoredResult {
  return { facts: { ...facts, remarks: [...facts.remarks] }, kept: pixels === null ? null : storePixels(pixels) };
}

/** Opens what was stored of an item's pixels. */
export function openPixels(folder: string, kept: NonNullable<StoredResult["kept"]>): KeptPixels {
  const toFile = (stored: PixelFile): PixelFile => ({ ...stored, file: join(folder, basename(stored.file)) });
  return {
    ...kept,
    clean: kept.clean === null ? null : toFile(kept.clean),
    input: toFile(kept.input),
    output: toFile(kept.output),
    noise: kept.noise ?? undefined,
    icc: kept.icc === null ? null : Buffer.from(kept.icc, "base64"),
  };
}

function storePixels(pixels: KeptPixels): NonNullable<StoredResult["kept"]> {
  const { clean, input, output, noise, icc } = pixels;
  const toName = (file: PixelFile): PixelFile => ({ ...file, file: basename(file.file) });
  return {
    clean: clean === null ? null : toName(clean),
    input: toName(input),
    output: toName(output),
    noise: noise ?? null,
    estimatedSigma255: pixels.estimatedSigma255,
    imageChannels: pixels.imageChannels,
    channels: pixels.channels,
    bitDepth: pixels.bitDepth,
    icc: icc === null ? null : Buffer.from(icc).toString("base64"),
    before: pixels.before,
  };
}
