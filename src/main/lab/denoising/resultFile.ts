import { copyFile, symlink } from "node:fs/promises";

import { toDiskError } from "#main/files/diskError.ts";
import type { PixelFile } from "#main/files/pixelFile.ts";
import { findExiftool, runExiftool } from "#main/lab/metadata/exiftool.ts";
import { listMetadataArguments } from "#main/lab/metadata/metadataArguments.ts";
import { withWorkFiles, type WorkFolder } from "#main/lab/tasks/workFolder.ts";
import type { DenoiseMark } from "#main/photos/denoiseMark.ts";
import { extensionOf } from "#main/photos/photoFormat.ts";
import { inThread } from "#main/photos/threads/inThread.ts";
import type { SavingOptions } from "#shared/api/saving.ts";

import type { NotesLater } from "./taskPhotos.ts";

/** What results are made into files with. */
export interface ResultFileContext {
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
    const note = await writeWithNotes(parts, { result, small, alias });
    if (note !== null) {
      context.log(note);
      await writePixelsOf(parts, result, wish.metadata === undefined || wish.metadata === "all");
    }
    return take(result, note);
  });
}

/** Writes the file with what exiftool copies; returns a note where it could not. */
async function writeWithNotes(parts: ResultParts, { result, small, alias }: ResultPlaces): Promise<string | null> {
  const { source, wish, mark } = parts;
  const { metadata: keep = "all" } = wish;
  if (keep === "none") {
    await writePixelsOf(parts, result, false);
    return null;
  }
  const tool = await findExiftool();
  if ("problem" in tool) return tool.problem;
  const size = await writePixelsOf(parts, result, false);
  const isJpeg = (wish.format ?? source.notes.format) === "jpeg";
  const thumbnail = isJpeg && source.notes.exif !== null ? small : null;
  if (thumbnail !== null) await inThread("writeExifThumbnail", result, thumbnail);
  const failure = await runExiftool(
    tool,
    listMetadataArguments({ source: await toPlainName(source.file, alias), result, keep, mark, thumbnail, ...size }),
  );
  return failure === null ? null : `EXIF, XMP and IPTC were kept only in part: ${failure}`;
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

/** Exiftool takes a `%` in the name of a file that it copies from for a code: it sees such a photo by another name. */
async function toPlainName(source: string | null, alias: string): Promise<string | null> {
  if (source?.includes("%") !== true) return source;
  await symlink(source, alias).catch(() =>
    copyFile(source, alias).catch((cause: unknown) => {
      throw toDiskError(`read ${source}`, cause);
    }),
  );
  return alias;
}
