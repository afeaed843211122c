import { z } from "zod";

import type { contactSheetSchema, denoisedFileSchema } from "./denoising.ts";
import { noisyPhotoSchema, trainingPatchSchema } from "./noise.ts";
import { strengthSchema } from "./saving.ts";

const regionSchema = z.strictObject({
  x: z.int().min(0),
  y: z.int().min(0),
  width: z.int().positive(),
  height: z.int().positive(),
});

/** How a picture is wanted. */
const viewing = {
  /** A part in the picture's own pixels; all of it where left out. */
  region: regionSchema.optional(),
  /** Shrinks to at most this side; true size where left out. Pictures are never enlarged. */
  maxSidePx: z.int().min(16).max(4096).optional(),
  /** `png` is 8-bit and clipped; `float32` is every value as it is: `[H, W, C]` row by row, little-endian, shape in the header. */
  encoding: z.enum(["png", "float32"]).default("png"),
};

/** Largest gain of an error map: shows a difference of half a grey level as white. */
const MAX_GAIN = 512;
const gainSchema = z.number().positive().max(MAX_GAIN).default(8);

/**
 * Names a picture as plain data. Every carrier gives it at an address (`toPicturePath`), so that the window shows it as any
 * image, cached and lazily loaded. Error maps show middle grey where nothing differs: `0.5 + gain * (picture - clean) / 2`.
 */
export const pictureRefSchema = z.discriminatedUnion("kind", [
  z.strictObject({
    kind: z.literal("photo"),
    dataset: z.string().min(1),
    photo: z.string().min(1),
    side: z.enum(["clean", "noisy"]).default("clean"),
    ...viewing,
  }),
  noisyPhotoSchema.extend({
    kind: z.literal("noise"),
    view: z.enum(["clean", "noisy", "difference"]),
    gain: gainSchema,
    ...viewing,
  }),
  trainingPatchSchema.extend({
    kind: z.literal("patch"),
    view: z.enum(["clean", "noisy", "difference"]),
    gain: gainSchema,
    ...viewing,
  }),
  z.strictObject({ kind: z.literal("run"), run: z.string().min(1), image: z.string().min(1), ...viewing }),
  /** A search from its first to its last epoch, as an animated GIF. */
  z.strictObject({
    kind: z.literal("animation"),
    run: z.string().min(1),
    layer: z.int().min(0),
    theme: z.enum(["light", "dark"]).default("light"),
  }),
  z.strictObject({
    kind: z.literal("evaluation"),
    evaluation: z.string().min(1),
    /** The picture's name. */
    image: z.string().min(1),
    view: z.enum(["clean", "noisy", "denoised", "error"]),
    gain: gainSchema,
    ...viewing,
  }),
  z.strictObject({
    kind: z.literal("denoise"),
    task: z.string().min(1),
    item: z.int().min(0),
    /** `clean` is there where noise was added, `error` too; `input` is what the network got, `preview` a part that was denoised anew. `source` is the photo as it came, shrunk, before anything is done with it. */
    view: z.enum(["clean", "input", "output", "error", "preview", "source"]),
    /** Which of an item's results, one after the other; only a preview is refused where it is another. */
    revision: z.int().min(0).default(0),
    /** Of `output` and `error`, which show the pixels that are saved at this strength. */
    strength: strengthSchema.default(1),
    gain: gainSchema,
    ...viewing,
  }),
]);
export type PictureRef = Readonly<z.output<typeof pictureRefSchema>>;
/** A reference as one writes it: what has a default may be left out. */
export type PictureWish = Readonly<z.input<typeof pictureRefSchema>>;

/** The header that tells the shape of a `float32` picture: `height, width, channels`. */
export const SHAPE_HEADER = "X-Hinas-Shape";

/** The header that says, percent-encoded, what of a photo a file could not keep. */
export const NOTE_HEADER = "X-Hinas-Note";

export const PICTURE_PATH = "/picture";
export const FILE_PATH = "/file";
export const SHEET_PATH = "/sheet";
export const UPLOAD_PATH = "/upload";

/**
 * Returns the address of a picture below the place where the lab is reached, for `<img>` and `fetch`; the token is that of
 * a server, and null where there is none.
 */
export function toPicturePath(wish: PictureWish, token: string | null): string {
  return toPath(PICTURE_PATH, { ref: JSON.stringify(wish) }, token);
}

/** Returns the address at which a denoised photo is had as a file to save. */
export function toFilePath(wish: z.input<typeof denoisedFileSchema>, token: string | null): string {
  return toPath(FILE_PATH, { ref: JSON.stringify(wish) }, token);
}

/** Returns the address at which a session's contact sheet is had as a page to save. */
export function toSheetPath(wish: z.input<typeof contactSheetSchema>, token: string | null): string {
  return toPath(SHEET_PATH, { ref: JSON.stringify(wish) }, token);
}

/** What is answered to an upload: where the photo lies on the lab's computer. */
export const uploadAnswerSchema = z.object({ path: z.string().min(1) });
export type UploadAnswer = Readonly<z.infer<typeof uploadAnswerSchema>>;

/** Returns the address to which a browser posts a dropped photo's bytes; the answer is an `UploadAnswer` as JSON. */
export function toUploadPath(name: string, token: string): string {
  return toPath(UPLOAD_PATH, { name }, token);
}

function toPath(path: string, query: Readonly<Record<string, string>>, token: string | null): string {
  const given = Object.entries({ ...query, ...(token === null ? {} : { token }) });
  return `${path}?${given.map(([name, value]) => `${name}=${encodeURIComponent(value)}`).join("&")}`;
}
