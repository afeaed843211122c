const BLOCK = 512;

/** Packs files as a POSIX tar archive; names longer than 100 characters come as GNU writes them. */
export function packTar(files: Readonly<Record<string, Uint8Array>>): Buffer {
  const blocks = Object.entries(files).flatMap(([name, bytes]) => [
    ...(name.length > 100 ? packFile("././@LongLink", Buffer.from(`${name}\0`), "L") : []),
    ...packFile(name.slice(0, 100), bytes, "0"),
  ]);
  return Buffer.concat([...blocks, Buffer.alloc(2 * BLOCK)]);
}

function packFile(name: string, bytes: Uint8Array, type: string): readonly Uint8Array[] {
  const header = Buffer.alloc(BLOCK);
  header.write(name, 0);
  header.write("0000644\0", 100);
  header.write(`${bytes.length.toString(8).padStart(11, "0")}\0`, 124);
  header.write(" ".repeat(8), 148);
  header.write(type, 156);
  header.write("ustar\0", 257);
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(`${sum.toString(8).padStart(6, "0")}\0 `, 148);
  return [header, bytes, Buffer.alloc((BLOCK - (bytes.length % BLOCK)) % BLOCK)];
}
