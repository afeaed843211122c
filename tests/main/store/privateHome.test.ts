import { chmod, mkdir, readdir, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";

import { describe, expect, it } from "vitest";

import { getHomePaths } from "#main/store/labHome.ts";
import { MIGRATIONS } from "#main/store/migrations/migrations.ts";
import { openDatabase } from "#main/store/openDatabase.ts";
import { makePrivateHome } from "#main/store/privateHome.ts";

import { makeFolder, openLab, writePhotos } from "#tests/helpers/labHome.ts";

const modeOf = async (path: string): Promise<string> => ((await stat(path)).mode & 0o7777).toString(8);

describe.skipIf(process.platform === "win32")("the lab's home (skipped on Windows)", () => {
  it("is its owner's alone, with the database, what SQLite keeps beside it, and the cards", async () => {
    const home = join(await makeFolder(), "new", "home");
    const { lab } = openLab(home);
    await lab.addDataset({ name: "mine", folder: await writePhotos(await makeFolder(), 2), noisyFolder: null });
    expect(await modeOf(home)).toBe("700");
    const files = (await readdir(home)).filter((name) => name.startsWith("lab.sqlite"));
    expect(files.length).toBeGreaterThan(1);
    for (const file of [...files, "datasets/mine.json"])
      expect([file, await modeOf(join(home, file))]).toEqual([file, "600"]);
  });

  it("is closed where an earlier version left it open, with the cards and backups in it", async () => {
    const home = await makeFolder();
    openDatabase(home, MIGRATIONS.slice(0, 1)).close();
    await mkdir(getHomePaths(home).datasets);
    const [database, card] = [getHomePaths(home).database, join(getHomePaths(home).datasets, "mine.json")];
    await writeFile(card, "{}");
    for (const [path, mode] of [
      [home, 0o755],
      [database, 0o644],
      [card, 0o644],
    ] as const)
      await chmod(path, mode);
    openDatabase(home).close();
    const backup = join(getHomePaths(home).backups, String((await readdir(getHomePaths(home).backups))[0]));
    expect(await Promise.all([home, database, card, backup].map(modeOf))).toEqual(["700", "600", "600", "600"]);
  });

  it("leaves a folder as it is that everybody uses, or that holds nothing of the lab", async () => {
    const [sticky, other] = [await makeFolder(), await makeFolder()];
    await writeFile(join(sticky, "lab.sqlite"), "");
    await writeFile(join(other, "letter.txt"), "");
    await chmod(sticky, 0o1777);
    await chmod(other, 0o755);
    for (const folder of [sticky, other]) makePrivateHome(folder);
    expect([await modeOf(sticky), await modeOf(other)]).toEqual(["1777", "755"]);
  });
});
