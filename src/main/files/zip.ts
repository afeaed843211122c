import { crc32, deflateRawSync } from "node:zlib";

/** A file of an archive: its path inside, with forward slashes, and its bytes. */
export interface ZipEntry {
  readonly path: string;
  readonly content: Uint8Array;
}

const LOCAL = 0x04034b50;
const CENTRAL = 0x02014b50;
const END = 0x06054b50;
/** Names are UTF-8. */
const UTF8_FLAG = 0x0800;
const DEFLATED = 8;
const VERSION = 20;
/** 1 January 1980, the format's first day: the same content gives the same bytes. */
const FIRST_DAY = 0x21;
/** What the short format can count. */
const MOST_ENTRIES = 0xffff;
const MOST_BYTES = 0xffffffff;

/** Packs files into a ZIP archive, in their order, without times. Throws RangeError for more than the short format holds. */
export function packZip(entries: readonly ZipEntry[]): Buffer {
  if (entries.length > MOST_ENTRIES) {
    throw new RangeError(`zip: must have at most ${MOST_ENTRIES} files, got ${entries.length}`);
  }
  const parts: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const { path, content } of entries) {
    const name = Buffer.from(path, "utf8");
    const packed = deflateRawSync(content);
    const facts = describe(content, packed.length, name.length);
    const local = Buffer.concat([numbers([4, LOCAL]), facts, numbers([2, 0]), name, packed]);
    // Comment, disk and attributes: none.
    const rest = numbers([2, 0], [2, 0], [2, 0], [2, 0], [4, 0], [4, offset]);
    directory.push(Buffer.concat([numbers([4, CENTRAL], [2, VERSION]), facts, rest, name]));
    parts.push(local);
    offset += local.length;
  }
  const size = directory.reduce((sum, { length }) => sum + length, 0);
  if (offset + size > MOST_BYTES)
    throw new RangeError(`zip: must have at most ${MOST_BYTES} bytes, got ${offset + size}`);
  const count = entries.length;
  const end = numbers([4, END], [2, 0], [2, 0], [2, count], [2, count], [4, size], [4, offset], [2, 0]);
  return Buffer.concat([...parts, ...directory, end]);
}

/** The part that an entry's head and its line in the directory have in common. */
function describe(content: Uint8Array, packedBytes: number, nameBytes: number): Buffer {
  return numbers(
    [2, VERSION],
    [2, UTF8_FLAG],
    [2, DEFLATED],
    [2, 0],
    [2, FIRST_DAY],
    [4, crc32(content)],
    [4, packedBytes],
    [4, content.length],
    [2, nameBytes],
  );
}

/** Little-endian numbers of two or four bytes. */
function numbers(...values: readonly (readonly [bytes: 2 | 4, value: number])[]): Buffer {
  return Buffer.concat(
    values.map(([bytes, value]) => {
      const buffer = Buffer.alloc(bytes);
      buffer.writeUIntLE(value, 0, bytes);
      return buffer;
    }),
  );
}
