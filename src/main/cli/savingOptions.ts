import { type Command, InvalidArgumentError, Option } from "commander";

import {
  CHROMA_SUBSAMPLINGS,
  type ChromaSubsampling,
  fileOptionsSchema,
  type KeptMetadata,
  SAVED_FORMATS,
  type SavedFormat,
  type SavingOptions,
  TIFF_COMPRESSIONS,
  type TiffCompression,
} from "#shared/api/saving.ts";

/** How commands name what is kept. */
const METADATA: Readonly<Record<string, KeptMetadata>> = { all: "all", "no-location": "withoutLocation", none: "none" };

/** What `addSavingOptions` reads. */
export interface SavingFlags {
  readonly format?: SavedFormat;
  readonly depth?: "8" | "16";
  readonly quality?: number;
  readonly chroma?: ChromaSubsampling;
  readonly compression?: TiffCompression;
  readonly longestSide?: number;
  readonly background?: string;
  readonly metadata: string;
}

/** Adds the options of how results are written. */
export function addSavingOptions(command: Command): Command {
  return command
    .addOption(new Option("--format <name>", "file format (default: the source's)").choices(SAVED_FORMATS))
    .addOption(new Option("--depth <bits>", "bits per channel (default: the source's)").choices(["8", "16"]))
    .addOption(
      new Option(
        "--quality <1..100>",
        "of JPEG (default: 95), AVIF (default: 90) and WebP (default: without loss)",
      ).argParser(parseBy("quality", Number)),
    )
    .addOption(
      new Option(
        "--chroma <kind>",
        "colours of JPEG and AVIF at all pixels or at one of four (default: 4:4:4)",
      ).choices(CHROMA_SUBSAMPLINGS),
    )
    .addOption(new Option("--compression <kind>", "of TIFF (default: deflate)").choices(TIFF_COMPRESSIONS))
    .addOption(
      new Option("--longest-side <pixels>", "shrink results that are larger").argParser(
        parseBy("longestSidePx", Number),
      ),
    )
    .addOption(
      new Option("--background <#rrggbb>", "what shows through where JPEG holds no transparency").argParser(
        parseBy("background", String),
      ),
    )
    .addOption(
      new Option("--metadata <which>", "EXIF, XMP and IPTC that results keep; the colour profile always stays")
        .choices(Object.keys(METADATA))
        .default("all"),
    );
}

/** Turns the options into what the lab is asked for. */
export function readSaving(flags: SavingFlags): Omit<SavingOptions, "strength"> {
  const { format = null, depth, quality, chroma, compression, longestSide, background, metadata } = flags;
  return {
    format,
    bitDepth: depth === undefined ? null : depth === "8" ? 8 : 16,
    quality,
    chroma,
    compression,
    longestSidePx: longestSide,
    background,
    metadata: METADATA[metadata],
  };
}

/** Reads a value as the contract allows it. Throws commander's error with the contract's words. */
function parseBy<T>(key: "quality" | "longestSidePx" | "background", read: (text: string) => T): (text: string) => T {
  return (text) => {
    const checked = fileOptionsSchema.shape[key].safeParse(read(text));
    if (!checked.success) throw new InvalidArgumentError(checked.error.issues[0]?.message ?? "not allowed here.");
    return read(text);
  };
}
