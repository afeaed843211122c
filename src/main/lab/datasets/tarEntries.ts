import { LabError } from "#shared/labError.ts";

/** A file of a tar archive. */
export interface TarEntry {
  readonly name: string;
  readonly bytes: number;
  /** The file's content, to be read before the next entry is asked for; what is not read is passed over. */
  readonly content: AsyncIterable<Uint8Array>;
}

const BLOCK = 512;
/** Longer names, and other notes about a file, are no photos: nothing needs a megabyte of them. */
const MOST_NOTE_BYTES = 1_000_000;
const FILE_TYPES: ReadonlySet<string> = new Set(["0", "\0", "7"]);

/**
 * Reads the plain files of a tar archive one after the other; folders, links and devices are passed over. Understands POSIX (ustar, pax)
 * and GNU archives. Throws LabError `bad_data` where the archive is damaged or cut off.
 */
export async function* readTarEntries(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<TarEntry> {
  const reader = createReader(chunks);
  let longName: string | null = null;
  for (;;) {
    const header = await reader.take(BLOCK, true);
    // Two blocks of zeros end an archive; whoever forgot them ended it all the same.
    if (header === null || header.every((byte) => byte === 0)) return;
    checkSum(header);
    const bytes = readOctal(header, 124, 12);
    const type = String.fromCharCode(header[156] ?? 0);
    if (type === "L" || type === "x") {
      const note = await readNote(reader, bytes);
      longName = type === "L" ? note.replace(/\0.*$/s, "") : (findPath(note) ?? longName);
      continue;
    }
    let left = bytes;
    const content = async function* (): AsyncGenerator<Uint8Array> {
      while (left > 0) {
        const chunk = await reader.takeSome(left);
        left -= chunk.length;
        yield chunk;
      }
    };
    if (FILE_TYPES.has(type)) yield { name: longName ?? readName(header), bytes, content: content() };
    while (left > 0) left -= (await reader.takeSome(left)).length;
    await reader.take((BLOCK - (bytes % BLOCK)) % BLOCK, false);
    if (type !== "g") longName = null;
  }
}

interface ByteReader {
  /** Takes so many bytes; null at the end of the archive where that is allowed. */
  take(count: number, mayEnd: boolean): Promise<Buffer | null>;
  /** Takes at least one byte and at most `most`. */
  takeSome(most: number): Promise<Uint8Array>;
}

function createReader(chunks: AsyncIterable<Uint8Array>): ByteReader {
  const iterator = chunks[Symbol.asyncIterator]();
  let rest: Uint8Array = new Uint8Array(0);
  const fill = async (): Promise<boolean> => {
    while (rest.length === 0) {
      const next = await iterator.next();
      if (next.done === true) return false;
      rest = next.value;
    }
    return true;
  };
  const takeSome = async (most: number): Promise<Uint8Array> => {
    if (!(await fill())) throw damaged("it ends in the middle of a file");
    const part = rest.subarray(0, most);
    rest = rest.subarray(part.length);
    return part;
  };
  return {
    takeSome,
    take: async (count, mayEnd) => {
      if (mayEnd && !(await fill())) return null;
      const parts: Uint8Array[] = [];
      for (let left = count; left > 0; left -= parts.at(-1)?.length ?? 0) parts.push(await takeSome(left));
      return Buffer.concat(parts);
    },
  };
}

async function readNote(reader: ByteReader, bytes: number): Promise<string> {
  if (bytes > MOST_NOTE_BYTES) throw damaged(`a name must have at most ${MOST_NOTE_BYTES} bytes, got ${bytes}`);
  const note = await reader.take(bytes, false);
  await reader.take((BLOCK - (bytes % BLOCK)) % BLOCK, false);
  return note === null ? "" : note.toString("utf8");
}

/** Records of pax are `<length> <key>=<value>\n`. */
function findPath(note: string): string | null {
  return /^\d+ path=(.*)$/m.exec(note)?.[1] ?? null;
}

function readName(header: Buffer): string {
  const name = readText(header, 0, 100);
  const prefix = readText(header, 257, 5) === "ustar" ? readText(header, 345, 155) : "";
  return prefix === "" ? name : `${prefix}/${name}`;
}

function readText(header: Buffer, offset: number, length: number): string {
  return header.toString("utf8", offset, offset + length).replace(/\0.*$/s, "");
}

function readOctal(header: Buffer, offset: number, length: number): number {
  const text = readText(header, offset, length).trim();
  if (!/^[0-7]+$/.test(text)) throw damaged(`a size must be an octal number, got ${JSON.stringify(text)}`);
  return Number.parseInt(text, 8);
}

/** The sum of a header's bytes, with blanks in place of the sum itself. */
function checkSum(header: Buffer): void {
  const stored = readOctal(header, 148, 8);
  let sum = 0;
  for (const [index, byte] of header.entries()) sum += index >= 148 && index < 156 ? 32 : byte;
  if (sum !== stored) throw damaged(`a header's sum must be ${stored}, got ${sum}`);
}

function damaged(what: string): LabError {
  return new LabError("bad_data", `the archive is damaged: ${what}`);
}
