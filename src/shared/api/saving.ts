import { z } from "zod";

/** How much of the denoising is in a result: 0 is the photo as it came, 1 what the network made of it. */
export const strengthSchema = z.number().min(0).max(1);

/** File formats that results are written in. */
export const SAVED_FORMATS = ["png", "tiff", "jpeg", "webp", "avif"] as const;
export type SavedFormat = (typeof SAVED_FORMATS)[number];

/** What of a photo's EXIF, XMP and IPTC its result keeps. */
export const KEPT_METADATA = ["all", "withoutLocation", "none"] as const;
export type KeptMetadata = (typeof KEPT_METADATA)[number];

export const CHROMA_SUBSAMPLINGS = ["4:4:4", "4:2:0"] as const;
export type ChromaSubsampling = (typeof CHROMA_SUBSAMPLINGS)[number];

export const TIFF_COMPRESSIONS = ["deflate", "lzw", "none"] as const;
export type TiffCompression = (typeof TIFF_COMPRESSIONS)[number];

/** How a file is written; what its format does not know is not used. */
export const fileOptionsSchema = z.strictObject({
  /** Null keeps the source's format and depth. AVIF holds 16 bits as 10. */
  format: z.enum(SAVED_FORMATS).nullable().default(null),
  bitDepth: z.literal([8, 16]).nullable().default(null),
  /** Of JPEG, WebP and AVIF; absent is 95 for JPEG, 90 for AVIF and without loss for WebP. */
  quality: z.int().min(1).max(100).optional(),
  /** Of JPEG and AVIF: colours at all pixels, as where this is absent, or at one of four. */
  chroma: z.enum(CHROMA_SUBSAMPLINGS).optional(),
  /** Of TIFF; absent is deflate. */
  compression: z.enum(TIFF_COMPRESSIONS).optional(),
  /** Shrinks the photo so that its longer side has so many pixels; a smaller photo stays as it is. */
  longestSidePx: z.int().min(16).max(100_000).optional(),
  /** What shows through where a format holds no transparency, as `#rrggbb`; absent refuses such a photo. */
  background: z
    .string()
    .regex(/^#[0-9a-f]{6}$/i)
    .optional(),
});
export type FileOptions = Readonly<z.infer<typeof fileOptionsSchema>>;

/** How a result is saved. */
export const savingSchema = fileOptionsSchema.extend({
  strength: strengthSchema.default(1),
  /** Absent keeps all. */
  metadata: z.enum(KEPT_METADATA).optional(),
});
export type SavingOptions = Readonly<z.infer<typeof savingSchema>>;
