/** JPEG files put this before their camera data; other files do not. */
const EXIF_PREFIX = Buffer.from("Exif\0\0", "latin1");

const ORIENTATION_TAG = 0x0112;
const ENTRY_BYTES = 12;
/** Where a directory entry keeps a short value: after tag (2 bytes), type (2) and count (4). */
const VALUE_OFFSET = 8;
const UPRIGHT = 1;

/**
 * Copies EXIF camera data, without JPEG's prefix, with the orientation set to upright, so that viewers do not turn a photo
 * whose pixels were turned already. Returns null where the data is not a TIFF structure.
 */
export function toUprightExif(exif: Uint8Array): Buffer | null {
  const hasPrefix = Buffer.from(exif.subarray(0, EXIF_PREFIX.length)).equals(EXIF_PREFIX);
  const copy = Buffer.from(hasPrefix ? exif.subarray(EXIF_PREFIX.length) : exif);
  const order = copy.toString("latin1", 0, 2);
  if (copy.length < 8 || (order !== "II" && order !== "MM")) return null;
  const view = new DataView(copy.buffer, copy.byteOffset, copy.length);
  const isLittle = order === "II";
  const directory = view.getUint32(4, isLittle);
  if (directory + 2 > copy.length) return null;
  const entries = view.getUint16(directory, isLittle);
  for (let index = 0; index < entries; index++) {
    const entry = directory + 2 + index * ENTRY_BYTES;
    if (entry + ENTRY_BYTES > copy.length) return null;
    if (view.getUint16(entry, isLittle) === ORIENTATION_TAG) {
      view.setUint16(entry + VALUE_OFFSET, UPRIGHT, isLittle);
    }
  }
  return copy;
}

/** Copies XMP text with its orientation, as attribute or element, set to upright. */
export function toUprightXmp(xmp: Uint8Array): Buffer {
  const text = Buffer.from(xmp).toString("utf8");
  return Buffer.from(text.replace(/(tiff:Orientation(?:\s*=\s*["']|>\s*))[2-8]/g, `$1${UPRIGHT}`), "utf8");
}
