import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { open, writeFile } from "node:fs/promises";
import { join } from "node:path";

import sharp from "sharp";
import { describe, expect, it, onTestFinished, vi } from "vitest";

import { createExiftool } from "#main/lab/metadata/exiftool.ts";
import { findChildren, findParent, isThere } from "#tests/helpers/childProcesses.ts";
import { watchPerl } from "#tests/helpers/countedPerl.ts";
import { makeFolder } from "#tests/helpers/labHome.ts";
import { startScript } from "#tests/helpers/runInProcess.ts";

const IN_TIME = { timeout: 30_000 };

/** The marks by which its processes are found in the system's list. */
const KEPT = "-stay_open";

function start(idleMs?: number) {
  const exiftool = createExiftool(idleMs);
  onTestFinished(() => exiftool.close());
  return exiftool;
}

async function writePhoto(folder: string, name: string): Promise<string> {
  const file = join(folder, name);
  await sharp({ create: { width: 8, height: 8, channels: 3, background: "#778899" } })
    .jpeg()
    .toFile(file);
  return file;
}

function title(file: string, text: string): readonly string[] {
  return ["-quiet", "-quiet", "-overwrite_original", "-charset", "filename=utf8", `-XMP-dc:Title=${text}`, file];
}

async function readTitle(file: string): Promise<string | undefined> {
  const { xmp } = await sharp(file).metadata();
  return /<dc:title>.*?<rdf:li[^>]*>([^<]*)</s.exec(xmp?.toString() ?? "")?.[1];
}

describe.skipIf(process.platform === "win32")("exiftool", () => {
  it("writes into twenty photos that come at once, each its own, by one process", async () => {
    const listStarts = await watchPerl();
    const folder = await makeFolder();
    const exiftool = start();
    const all = Array.from({ length: 20 }, (_, index) => index);
    const files = await Promise.all(all.map((index) => writePhoto(folder, `photo ${index}.jpg`)));
    expect(await exiftool.findProblem()).toBeNull();
    const failures = await Promise.all(
      files.map((file, index) => exiftool.run(title(file, `No. ${index} {done 1 1}`))),
    );
    expect(failures).toEqual(all.map(() => null));
    expect(await Promise.all(files.map(readTitle))).toEqual(all.map((index) => `No. ${index} {done 1 1}`));
    expect(listStarts()).toHaveLength(1);
  });

  it("says of each photo what is wrong with it alone", async () => {
    const folder = await makeFolder();
    const exiftool = start();
    const good = await writePhoto(folder, "good.jpg");
    const broken = join(folder, "broken.jpg");
    await writeFile(broken, "no photo");
    const missing = join(folder, "missing.jpg");
    const failures = await Promise.all([missing, good, broken, good].map((file) => exiftool.run(title(file, "whole"))));
    expect(failures).toEqual([
      `exiftool failed: Error: File not found - ${missing}`,
      null,
      expect.stringMatching(/^exiftool failed: Error: .*broken\.jpg$/),
      null,
    ]);
    expect(await readTitle(good)).toBe("whole");
  });

  it.each([
    "-dash -ver.jpg",
    "two  spaces .jpg",
    "Grün 写真 é.jpg",
    "# no comment.jpg",
    "a$HOME@b'\"\\n.jpg",
    " %f.jpg",
  ])("writes into a photo named %j", async (name) => {
    const file = await writePhoto(await makeFolder(), name);
    expect(await start().run(title(file, name))).toBeNull();
    expect(await readTitle(file)).toContain("jpg");
  });

  it("refuses what it would read as more than one argument", async () => {
    const file = await writePhoto(await makeFolder(), "photo.jpg");
    const exiftool = start();
    expect(await exiftool.run(title(file, "one\n-XMP-dc:Title=two"))).toMatch(/^exiftool cannot be told "-XMP.*\\n/);
    expect(await exiftool.run(title(file, "three"))).toBeNull();
    expect(await readTitle(file)).toBe("three");
  });

  it("runs no configuration of the person's own", async () => {
    const folder = await makeFolder();
    const trace = join(folder, "trace");
    await writeFile(join(folder, ".ExifTool_config"), `open(my $file, '>', '${trace}'); 1;\n`);
    vi.stubEnv("HOME", folder);
    vi.stubEnv("EXIFTOOL_HOME", folder);
    onTestFinished(() => void vi.unstubAllEnvs());
    expect(await start().run(title(await writePhoto(folder, "photo.jpg"), "photo"))).toBeNull();
    expect(existsSync(trace)).toBe(false);
  });
});

describe.skipIf(process.platform === "win32")("the process of exiftool", () => {
  it("is started again where it was killed amid a photo, which is told, and the next is written", async () => {
    const listStarts = await watchPerl();
    const folder = await makeFolder();
    const [file, pipe] = [await writePhoto(folder, "photo.jpg"), join(folder, "pipe.jpg")];
    execFileSync("mkfifo", [pipe]);
    const exiftool = start();
    const runs = [pipe, file, file].map((each, index) => exiftool.run(title(each, `No. ${index}`)));
    // Opened when exiftool reads from it, and waits for more.
    const writer = await open(pipe, "w");
    onTestFinished(() => writer.close());
    for (const pid of await findChildren(process.pid, KEPT)) process.kill(pid, "SIGKILL");
    expect(await Promise.all(runs)).toEqual([expect.stringContaining("perl ended with SIGKILL"), null, null]);
    expect(await readTitle(file)).toBe("No. 2");
    expect(listStarts()).toHaveLength(2);
  });

  it("ends when nobody needs it for a while, and is started when somebody does", async () => {
    const exiftool = start(1);
    for (let round = 0; round < 2; round += 1) {
      expect(await exiftool.findProblem()).toBeNull();
      expect(await exiftool.run(["-ver"])).toBeNull();
      await expect.poll(() => findChildren(process.pid, KEPT), IN_TIME).toEqual([]);
    }
  });

  it("ends when it is closed, once, and at once where none was started", async () => {
    const exiftool = start();
    await exiftool.close();
    await exiftool.run(["-ver"]);
    expect(await findChildren(process.pid, KEPT)).toHaveLength(1);
    await exiftool.close();
    expect(await findChildren(process.pid, KEPT)).toEqual([]);
  });

  it("ends where the process that started it is killed, and another is started", async () => {
    const exiftool = start();
    await exiftool.run(["-ver"]);
    const [first = NaN] = await findChildren(process.pid, KEPT);
    process.kill((await findParent(first)) ?? NaN, "SIGKILL");
    await expect.poll(() => isThere(first), IN_TIME).toBe(false);
    await expect.poll(() => exiftool.run(["-ver"]), IN_TIME).toBeNull();
  });

  const SCRIPT = `
    import { createExiftool } from "#main/lab/metadata/exiftool.ts";
    console.log(await createExiftool().run(["-ver"]));`;

  it("ends with the lab's, also where that is killed", async () => {
    const { child, ended } = startScript(`${SCRIPT} setInterval(() => undefined, 1000);`);
    await new Promise((resolve) => child.stdout.once("data", resolve));
    const [pid = NaN] = await findChildren(child.pid ?? NaN, KEPT);
    expect(isThere(pid)).toBe(true);
    child.kill("SIGKILL");
    await ended;
    await expect.poll(() => isThere(pid), IN_TIME).toBe(false);
  });

  it("does not keep the lab's from ending", async () => {
    expect(await startScript(SCRIPT).ended).toMatchObject({ code: 0, output: "null\n" });
  });
});
