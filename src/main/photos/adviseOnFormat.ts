import { extname } from "node:path";

/** Camera raw files, by their makers' extensions. */
const RAW = new Set(
  ".3fr .ari .arw .bay .cap .cr2 .cr3 .crw .dcr .dng .erf .fff .gpr .iiq .k25 .kdc .mef .mos .mrw .nef .nrw .orf .pef .raf .raw .rw2 .rwl .sr2 .srf .srw .x3f".split(
    " ",
  ),
);
const HEIC = new Set([".heic", ".heif", ".hif"]);

/** Says, by its name, what a file is that holds a photo but cannot be read, and what to do first; null for all others. */
export function adviseOnFormat(file: string): string | null {
  const extension = extname(file).toLowerCase();
  if (RAW.has(extension)) {
    return "a camera raw file; develop it first into a 16-bit TIFF, with noise reduction and sharpening off (darktable, RawTherapee, Lightroom or the camera maker's program)";
  }
  return HEIC.has(extension) ? HEIC_ADVICE : null;
}

/** Of HEVC, which the decoder cannot have. */
export const HEIC_ADVICE = "a HEIC file, which cannot be read here; save it as TIFF, AVIF or JPEG first";
