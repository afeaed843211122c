import type { PhotoFacts } from "#shared/api/datasets.ts";
import { formatBytes } from "#renderer/format/numbers.ts";
import { texts } from "#renderer/texts/texts.ts";

/** What is printed below a photo. */
export interface PhotoCaption {
  readonly size: string;
  /** Colour or grey, and the file's size where there is a file. */
  readonly kind: string;
}

/** Describes a photo in two short lines. */
export function toPhotoCaption({ width, height, bitDepth, channels, bytes, problem }: PhotoFacts): PhotoCaption {
  if (width === null || height === null || bitDepth === null) {
    return { size: texts.datasets.unreadable, kind: problem ?? "" };
  }
  const colour = channels === 1 ? texts.datasets.grey : texts.datasets.colour;
  return {
    size: texts.datasets.photoSize(width, height, bitDepth),
    kind: bytes === null ? colour : `${colour} · ${formatBytes(bytes)}`,
  };
}
