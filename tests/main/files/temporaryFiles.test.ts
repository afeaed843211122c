import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";

import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import { getOwnerTag, isOwnerGone } from "#main/files/processIdentity.ts";
import { makeTemporaryFolder, nameTemporaryFile } from "#main/files/temporaryFiles.ts";
import { writeFileAtomically } from "#main/files/writeFileAtomically.ts";
import { writeNewFile } from "#main/files/writeNewFile.ts";

import { openLab } from "#tests/helpers/labHome.ts";
import { startScript } from "#tests/helpers/runInProcess.ts";

let folder = "";
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "hinas-temporary-"));
});
afterEach(async () => {
  await rm(folder, { recursive: true });
});

/** What a process that was killed while it wrote leaves in the folder, and among the system's temporary files. */
async function leaveBehind(): Promise<{ readonly file: string; readonly temporary: string }> {
  const script = `
    import { writeFileSync } from "node:fs";
    import { makeTemporaryFolder, nameTemporaryFile } from "#main/files/temporaryFiles.ts";
    const file = await nameTemporaryFile(process.argv[1]);
    const temporary = await makeTemporaryFolder("work");
    writeFileSync(file, "half");
    writeFileSync(temporary + "/look.f32", "half");
    console.log(JSON.stringify({ file, temporary }));
    process.kill(process.pid, "SIGKILL");`;
  const { output } = await startScript(script, folder).ended;
  return JSON.parse(output) as { file: string; temporary: string };
}

describe("what a killed process left half-written", () => {
  it("goes at the first write into the same folder, and what a living process writes stays", async () => {
    // Each process looks into a folder once, which this one does here.
    const others = [await nameTemporaryFile(folder), join(folder, ".mine.0123456789ab.tmp")];
    const { file } = await leaveBehind();
    for (const other of others) await writeFile(other, "half");
    expect(await readdir(folder)).toContain(basename(file));
    const script = `
      import { writeFileAtomically } from "#main/files/writeFileAtomically.ts";
      await writeFileAtomically(process.argv[1], "whole");`;
    expect(await startScript(script, join(folder, "result.png")).ended).toEqual({ code: 0, output: "" });
    expect((await readdir(folder)).toSorted()).toEqual(
      [...others.map((other) => basename(other)), "result.png"].toSorted(),
    );
  });

  it("goes from the system's temporary files with the next folder that is made there", async () => {
    const { temporary } = await leaveBehind();
    const own = await makeTemporaryFolder("work");
    const again = await makeTemporaryFolder("uploads");
    const names = await readdir(dirname(own));
    expect(names).not.toContain(basename(temporary));
    expect(names).toEqual(expect.arrayContaining([basename(own), basename(again)]));
    await Promise.all([own, again].map((each) => rm(each, { recursive: true })));
  });

  it("goes from the system's temporary files when a lab is opened, though that makes none", async () => {
    const { temporary } = await leaveBehind();
    const { lab } = openLab(join(folder, "home"));
    await lab.listRuns();
    await vi.waitFor(() => expect(existsSync(temporary)).toBe(false), { timeout: 10_000 });
  });
});

describe("the tag of an owner", () => {
  it("tells a living process from one that is gone, and says nothing of other computers", () => {
    const own = getOwnerTag();
    const [host, pid, start] = own.split("-");
    expect(isOwnerGone(own)).toBe(false);
    expect(isOwnerGone(`${host}-999999999-${start}`)).toBe(true);
    expect(isOwnerGone(`000000-999999999-${start}`)).toBe(false);
    if (process.platform === "linux") expect(isOwnerGone(`${host}-${pid}-000000`)).toBe(true);
  });
});

describe("writeNewFile", () => {
  it("lets exactly one of many have a name, and leaves its whole content and nothing beside it", async () => {
    const file = join(folder, "result.png");
    const contents = Array.from({ length: 12 }, (_, index) => String(index).repeat(50_000));
    const ends = await Promise.allSettled(contents.map((content) => writeNewFile(file, content)));
    const winners = contents.filter((_, index) => ends[index]?.status === "fulfilled");
    expect(winners).toEqual([await readFile(file, "utf8")]);
    const refused = ends.find((end) => end.status === "rejected");
    expect(refused?.reason).toMatchObject({ kind: "bad_config", message: `write ${file}: it exists already` });
    expect(await readdir(folder)).toEqual(["result.png"]);
  });

  it.each([
    ["as a whole", writeFileAtomically],
    ["as a new file", writeNewFile],
  ])("writes a file of the longest name that there is, %s", async (_how, write) => {
    const name = `${"n".repeat(251)}.png`;
    await write(join(folder, name), "whole");
    expect(await readdir(folder)).toEqual([name]);
  });

  it("does not take a folder for a file", async () => {
    await mkdir(join(folder, "taken"));
    await expect(writeNewFile(join(folder, "taken"), "x")).rejects.toMatchObject({ kind: "bad_config" });
  });
});
