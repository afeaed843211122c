import { execFile } from "node:child_process";
import { mkdir, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { crc32, deflateSync } from "node:zlib";

/** Makes something odd in a folder and returns its path. */
export type MakeOdd = (folder: string) => Promise<string>;

const write =
  (name: string, content: Buffer | string): MakeOdd =>
  async (folder) => {
    const file = join(folder, name);
    await writeFile(file, content);
    return file;
  };

/** Files that no camera makes, by what is odd about them. Each is to be refused with its name, and to stop no other photo. */
export const ODD_FILES: Readonly<Record<string, MakeOdd>> = {
  empty: write("empty.png", ""),
  text: write("text.png", "this is no picture"),
  html: write("page.jpg", "<!doctype html><title>404</title>"),
  "one byte": write("one.tif", "I"),
  "huge square": write("huge-square.png", makePng(16_383, 16_383, 16)),
  "huge line": write("huge-line.png", makePng(8_323_112, 30, 16)),
  "largest numbers": write("largest.png", makePng(2 ** 31 - 1, 2 ** 31 - 1, 8)),
  "no pixels": write("no-pixels.png", makePng(0, 0, 8)),
  "long name": write(`${"n".repeat(230)}.png`, "this is no picture"),
  "odd name": write("a\n\t'\"$(id).png", "this is no picture"),
  folder: async (folder) => {
    await mkdir(join(folder, "folder.png"));
    return join(folder, "folder.png");
  },
  "dangling link": async (folder) => {
    await symlink(join(folder, "nowhere"), join(folder, "dangling.png"));
    return join(folder, "dangling.png");
  },
  "link loop": async (folder) => {
    await symlink("loop.png", join(folder, "loop.png"));
    return join(folder, "loop.png");
  },
  pipe: async (folder) => {
    await promisify(execFile)("mkfifo", [join(folder, "pipe.png")]);
    return join(folder, "pipe.png");
  },
  device: async (folder) => {
    await symlink("/dev/zero", join(folder, "zero.png"));
    return join(folder, "zero.png");
  },
};

/** A PNG that announces a size, with pixels for the first lines only. */
function makePng(width: number, height: number, depth: number): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([depth, 6, 0, 0, 0], 8);
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  const chunks = [
    chunk("IHDR", header),
    chunk("IDAT", deflateSync(Buffer.alloc(4096))),
    chunk("IEND", Buffer.alloc(0)),
  ];
  return Buffer.concat([signature, ...chunks]);
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, "latin1"), data]);
  const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(data.length);
  sum.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, sum]);
}
