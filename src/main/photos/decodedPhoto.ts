import type { Photo } from "#shared/image/photo.ts";

import type { BitDepth, PhotoFormat } from "./photoFormat.ts";

/** What is needed beside its pixels to write a picture of the same kind as a photo. */
export interface PhotoNotes {
  /** Opacity `[H, W]`, 0..1, or null where the file has none. */
  readonly alpha: Float32Array | null;
  readonly bitDepth: BitDepth;
  readonly format: PhotoFormat;
  /** The embedded colour profile, camera data and XMP text, as they lie in the file. */
  readonly icc: Uint8Array | null;
  readonly exif: Uint8Array | null;
  readonly xmp: Uint8Array | null;
}

/** A photo and what is needed to write a picture of the same kind again. */
export interface DecodedPhoto extends PhotoNotes {
  /** Grey stays grey, colour is red, green, blue; the file's own values, no colour management, upright. */
  readonly photo: Photo;
}

/** Size and kind of a photo. */
export interface PhotoShape {
  readonly width: number;
  readonly height: number;
  readonly channels: 1 | 3;
  readonly bitDepth: BitDepth;
}
