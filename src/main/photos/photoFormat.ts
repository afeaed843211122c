/** File formats that photos are read from and written to, with the extensions that name them. */
const EXTENSIONS = {
  png: [".png"],
  tiff: [".tif", ".tiff"],
  jpeg: [".jpg", ".jpeg"],
  webp: [".webp"],
  avif: [".avif"],
} as const;

export type PhotoFormat = keyof typeof EXTENSIONS;
export type BitDepth = 8 | 16;

const FORMATS: readonly string[] = Object.keys(EXTENSIONS);
/** Every extension that a photo may have, with its dot. */
export const PHOTO_EXTENSIONS: readonly string[] = Object.values(EXTENSIONS).flat();

/** The formats as people read them in messages. */
export const FORMAT_NAMES = "PNG, TIFF, JPEG, WebP or AVIF";

/** Says whether a name is one of the formats. */
export function isPhotoFormat(name: string): name is PhotoFormat {
  return FORMATS.includes(name);
}

/** Says whether a file's extension, in any case, is one of a photo's. */
export function hasPhotoExtension(file: string): boolean {
  const lowered = file.toLowerCase();
  return PHOTO_EXTENSIONS.some((extension) => lowered.endsWith(extension));
}

/** Returns the usual extension of a format, with its dot. */
export function extensionOf(format: PhotoFormat): string {
  return EXTENSIONS[format][0];
}

/** Returns the largest whole number of a bit depth: what 1.0 is stored as. */
export function largestValueOf(bitDepth: BitDepth): number {
  return 2 ** bitDepth - 1;
}
