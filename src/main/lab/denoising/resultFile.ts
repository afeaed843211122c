import { copyFile, rm, symlink } from "node:fs/promises";
import { resolve } from "node:path";

import { toDiskError } from "#main/files/diskError.ts";
import type { PixelFile } from "#main/files/pixelFile.ts";
import type { Exiftool } from "#main/lab/metadata/exiftool.ts";
import { listMetadataArguments } from "#main/lab/metadata/metadataArguments.ts";
import { withWorkFiles, type WorkFolder } from "#main/lab/tasks/workFolder.ts";
import type { DenoiseMark } from "#main/photos/denoiseMark.ts";
import { extensionOf } from "#main/photos/photoFormat.ts";
import { inThread } from "#main/photos/threads/inThread.ts";
import type { SavingOptions } from "#shared/api/saving.ts";

import type { NotesLater } from "./taskPhotos.ts";

/** What results are made into files with. */
export interface ResultFileContext {
  readonly exiftool: Pick<Exiftool, "findProblem" | "run">;
  /** Where pixels lie on their way to the compute process and back, and results on their way into their files. */
  readonly work: Pick<WorkFolder, "newFile">;
  readonly log: (line: string) => void;
}

/** A photo whose result is made into a file. */
export interface ResultSource {
  /** Null where the photo was drawn. */
  readonly file: string | null;
  readonly notes: NotesLater;
}

/** What a result's file is made of. */
export interface ResultParts {
  readonly source: ResultSource;
  readonly pixels: { readonly input: PixelFile; readonly output: PixelFile };
  readonly wish: SavingOptions;
  readonly mark: DenoiseMark;
}

/** Where a result is made, with what exiftool needs beside it. */
interface ResultPlaces {
  readonly result: string;
  readonly small: string;
  readonly alias: string;
}

/**
 * Makes the file of a result: blended, in the wished format, with the source's profile, EXIF, XMP and IPTC as far as wished,
 * a thumbnail of its own and a mark of how it was made. Where exiftool cannot run, sharp keeps what it can. `take` gets the
 * file, which is removed afterwards, and a note of what of the photo could not be kept. Throws LabError.
 */
export async function withResultFile<T>(
  context: ResultFileContext,
  parts: ResultParts,
  take: (file: string, note: string | null) => Promise<T>,
): Promise<T> {
  const { source, wish } = parts;
  const endings = [extensionOf(wish.format ?? source.notes.format), ".jpg", ".alias"] as const;
  return withWorkFiles(context.work, endings, async ([result, small, alias]) => {
    const note = await writeWithNotes(context, parts, { result, small, alias });
    if (note !== null) {
      context.log(note);
      await writePixelsOf(parts, result, wish.metadata === undefined || wish.metadata === "all");
    }
    return take(result, note);
  });
}

/** Writes the file with what exiftool copies; returns a note where it could not. */
async function writeWithNotes(
  { exiftool }: ResultFileContext,
  parts: ResultParts,
  { result, small, alias }: ResultPlaces,
): Promise<string | null> {
  const { source, wish, mark } = parts;
  const { metadata: keep = "all" } = wish;
  if (keep === "none") {
    await writePixelsOf(parts, result, false);
    return null;
  }
  const problem = await exiftool.findProblem();
  if (problem !== null) return problem;
  const size = await writePixelsOf(parts, result, false);
  const isJpeg = (wish.format ?? source.notes.format) === "jpeg";
  const thumbnail = isJpeg && source.notes.exif !== null ? small : null;
  if (thumbnail !== null) await inThread("writeExifThumbnail", result, thumbnail);
  const failure = await exiftool.run(
    listMetadataArguments({ source: await toPlainName(source.file, alias), result, keep, mark, thumbnail, ...size }),
  );
  if (failure === null) return null;
  // Left where it was killed amid a photo.
  await rm(`${result}_exiftool_tmp`, { force: true });
  return `EXIF, XMP and IPTC were kept only in part: ${failure}`;
}

/** Writes the pixels with their profile, and with EXIF and XMP as sharp keeps them or without. */
function writePixelsOf(
  { source: { notes }, pixels, wish }: ResultParts,
  result: string,
  keepsNotes: boolean,
): ReturnType<typeof inThread<"writeResult">> {
  const { strength, bitDepth, quality, chroma, compression, longestSidePx, background } = wish;
  const format = wish.format ?? notes.format;
  const saving = { strength, format, bitDepth, quality, chroma, compression, longestSidePx, background };
  return inThread("writeResult", result, keepsNotes ? notes : { ...notes, exif: null, xmp: null }, pixels, saving);
}

/**
 * Exiftool takes a `%` in the name of a file that it copies from for a code, and a line for an argument: it sees such a photo
 * by another name.
 */
async function toPlainName(file: string | null, alias: string): Promise<string | null> {
  if (file === null) return null;
  const source = resolve(file);
  if (!/[%\r\n]/.test(source)) return source;
  await symlink(source, alias).catch(() =>
    copyFile(source, alias).catch((cause: unknown) => {
      throw toDiskError(`read ${source}`, cause);
    }),
  );
  return alias;
}
