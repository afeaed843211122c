import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { writeFileAtomically } from "#main/files/writeFileAtomically.ts";

let folder = "";
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "hinas-atomic-"));
});
afterEach(async () => {
  await rm(folder, { recursive: true });
});

describe("writeFileAtomically", () => {
  it("replaces an older file by the new bytes and leaves nothing beside it", async () => {
    const file = join(folder, "a.bin");
    await writeFile(file, "older and longer");
    await writeFileAtomically(file, new Uint8Array([1, 2, 3]));
    expect([...(await readFile(file))]).toEqual([1, 2, 3]);
    expect(await readdir(folder)).toEqual(["a.bin"]);
  });

  it("writes all bytes of a view into a larger buffer", async () => {
    const file = join(folder, "view.bin");
    await writeFileAtomically(file, new Uint8Array([9, 1, 2, 9]).subarray(1, 3));
    expect([...(await readFile(file))]).toEqual([1, 2]);
  });

  it("says that the folder is missing", async () => {
    const error = writeFileAtomically(join(folder, "none", "a.bin"), "x");
    await expect(error).rejects.toMatchObject({ name: "LabError", kind: "not_found" });
  });

  it("leaves the folder as it was where the name is taken by a folder", async () => {
    await mkdir(join(folder, "taken"));
    await expect(writeFileAtomically(join(folder, "taken"), "x")).rejects.toThrow("this is a folder");
    expect(await readdir(folder)).toEqual(["taken"]);
  });

  it.skipIf(process.platform !== "linux")(
    "answers a file that outgrows the allowed size with an error and keeps the old bytes",
    async () => {
      const file = join(folder, "small.bin");
      await writeFile(file, "old");
      const { code, output } = await runUnderFileSizeLimit(file);
      expect(output).toContain("EFBIG");
      expect(code).toBe(1);
      expect(await readFile(file, "utf8")).toBe("old");
      expect(await readdir(folder)).toEqual(["small.bin"]);
    },
  );
});

/** Writes 3 MB where files may have 1 MB: the kernel first shortens the write, as a full disk does, then refuses. */
async function runUnderFileSizeLimit(file: string): Promise<{ code: number; output: string }> {
  const script = `
    import { writeFileAtomically } from "#main/files/writeFileAtomically.ts";
    await writeFileAtomically(process.argv[1], new Uint8Array(3_000_000));`;
  const shell = 'ulimit -f 1024; trap "" XFSZ; exec "$0" --input-type=module-typescript -e "$1" "$2"';
  const child = spawn("bash", ["-c", shell, process.execPath, script, file], { cwd: process.cwd() });
  let output = "";
  child.stderr.on("data", (chunk: Buffer) => (output += chunk.toString()));
  const [code] = (await once(child, "close")) as [number];
  return { code, output };
}
