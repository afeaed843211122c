/** Pixels as they lie in a carrier. */
export interface CarriedShape {
  readonly width: number;
  readonly height: number;
  /** Grey or colours, and behind them the opacity where there are two or four. */
  readonly bands: 1 | 2 | 3 | 4;
  readonly bitDepth: 8 | 16;
}

/** A TIFF file in memory, uncompressed, and the values of its pixels in it, to be filled in: so that they are there once. */
export interface TiffCarrier {
  readonly file: Uint8Array;
  readonly values: Uint8Array | Uint16Array;
}

/** A field of a TIFF directory: its tag, the type of its numbers, and the numbers themselves. */
type Field = readonly [tag: number, type: keyof typeof TYPES, values: ArrayLike<number>];

/** By TIFF's numbers: how many bytes each takes, and how it is written. */
const TYPES = {
  3: { bytes: 2, write: (view: DataView, at: number, value: number) => view.setUint16(at, value, true) },
  4: { bytes: 4, write: (view: DataView, at: number, value: number) => view.setUint32(at, value, true) },
  7: { bytes: 1, write: (view: DataView, at: number, value: number) => view.setUint8(at, value) },
} as const;
const [SHORT, LONG, UNDEFINED] = [3, 4, 7] as const;

const HEADER_BYTES = 8;
const FIELD_BYTES = 12;
/** Rows that a reader takes at once; all in one would have it hold the whole picture a second time. */
const ROWS_OF_STRIP = 128;
/** Offsets have 32 bits. */
const MOST_BYTES = 2 ** 32;

/**
 * Makes a TIFF file with a colour profile around values that are still to come: sharp takes a profile from files alone, not with raw
 * pixels. Returns null where the pixels are more than such a file can hold. The layout is that of TIFF 6.0, in the byte order of
 * the processors that Node runs on.
 */
export function createTiffCarrier(shape: CarriedShape, icc: Uint8Array): TiffCarrier | null {
  const { width, height, bands, bitDepth } = shape;
  const rowBytes = (width * bands * bitDepth) / 8;
  const strips = Math.ceil(height / ROWS_OF_STRIP);
  const list = (value: (index: number) => number) => Array.from({ length: strips }, (_, index) => value(index));
  const build = (pixelsAt: number): readonly Field[] => [
    [256, LONG, [width]],
    [257, LONG, [height]],
    [258, SHORT, new Array<number>(bands).fill(bitDepth)],
    [259, SHORT, [1]], // uncompressed
    [262, SHORT, [bands < 3 ? 1 : 2]], // black is zero; red, green, blue
    [273, LONG, list((index) => pixelsAt + index * ROWS_OF_STRIP * rowBytes)],
    [277, SHORT, [bands]],
    [278, LONG, [ROWS_OF_STRIP]],
    [279, LONG, list((index) => Math.min(ROWS_OF_STRIP, height - index * ROWS_OF_STRIP) * rowBytes)],
    [284, SHORT, [1]], // pixel by pixel
    ...(bands % 2 === 0 ? [[338, SHORT, [2]] as const] : []), // the opacity, by which colours are not multiplied
    [34675, UNDEFINED, icc],
  ];
  const pixelsAt = placesOf(build(0)).end;
  const size = pixelsAt + height * rowBytes;
  if (size >= MOST_BYTES) return null;
  const file = new Uint8Array(size);
  writeDirectory(new DataView(file.buffer), build(pixelsAt));
  const count = width * height * bands;
  const values =
    bitDepth === 16 ? new Uint16Array(file.buffer, pixelsAt, count) : new Uint8Array(file.buffer, pixelsAt, count);
  return { file, values };
}

/** Tells where the numbers of each field lie that do not fit into the field, and where the directory ends with them. */
function placesOf(fields: readonly Field[]): { readonly places: readonly number[]; readonly end: number } {
  let end = HEADER_BYTES + 2 + fields.length * FIELD_BYTES + 4;
  const places = fields.map(([, type, values]) => {
    const bytes = TYPES[type].bytes * values.length;
    const place = end;
    if (bytes > 4) end += bytes + (bytes % 2);
    return place;
  });
  return { places, end };
}

function writeDirectory(view: DataView, fields: readonly Field[]): void {
  const { places } = placesOf(fields);
  view.setUint16(0, 0x4949); // little-endian
  view.setUint16(2, 42, true);
  view.setUint32(4, HEADER_BYTES, true);
  view.setUint16(HEADER_BYTES, fields.length, true);
  for (const [index, [tag, type, values]] of fields.entries()) {
    const at = HEADER_BYTES + 2 + index * FIELD_BYTES;
    const { bytes, write } = TYPES[type];
    view.setUint16(at, tag, true);
    view.setUint16(at + 2, type, true);
    view.setUint32(at + 4, values.length, true);
    const isInside = bytes * values.length <= 4;
    const place = isInside ? at + 8 : (places[index] ?? NaN);
    if (!isInside) view.setUint32(at + 8, place, true);
    for (let i = 0; i < values.length; i++) write(view, place + i * bytes, values[i] ?? NaN);
  }
}
