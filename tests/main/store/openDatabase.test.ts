import { chmod, mkdtemp, readdir, rm, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import Sqlite from "better-sqlite3";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { openDatabase } from "#main/store/openDatabase.ts";
import { openStore } from "#main/store/openStore.ts";
import { MIGRATIONS } from "#main/store/migrations/migrations.ts";

import { buildCandidate, buildCard } from "#tests/helpers/runFixtures.ts";
import { startScript } from "#tests/helpers/runInProcess.ts";
import { CAN_BE_REFUSED, findRefusal } from "#tests/helpers/refusal.ts";

let home = "";
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), "hinas-store-"));
});
afterEach(async () => {
  await rm(home, { recursive: true });
});

describe("openDatabase", () => {
  it("creates a database in WAL mode at the newest version", () => {
    const db = openDatabase(home);
    expect(db.pragma("journal_mode", { simple: true })).toBe("wal");
    expect(db.pragma("foreign_keys", { simple: true })).toBe(1);
    expect(db.pragma("user_version", { simple: true })).toBe(MIGRATIONS.length);
    db.close();
  });

  it("makes every table strict, so that a text is never stored as a number", () => {
    const db = openDatabase(home);
    const tables = db.prepare("SELECT name, strict FROM pragma_table_list WHERE schema = 'main'").all() as {
      name: string;
      strict: number;
    }[];
    const own = tables.filter(({ name }) => !name.startsWith("sqlite_"));
    expect(own.map(({ name }) => name).toSorted()).toEqual([
      "architectures",
      "candidates",
      "datasets",
      "evaluations",
      "genotypes",
      "noise_profiles",
      "preferences",
      "runs",
      "studies",
    ]);
    expect(own.every(({ strict }) => strict === 1)).toBe(true);
    db.close();
  });

  it("keeps the rows of an older version and a copy of the database as it was", async () => {
    const first = openDatabase(home, ["CREATE TABLE notes (text TEXT) STRICT"]);
    first.exec("INSERT INTO notes VALUES ('kept')");
    first.close();
    const second = openDatabase(home, ["", "ALTER TABLE notes ADD COLUMN stars INTEGER NOT NULL DEFAULT 5"]);
    expect(second.prepare("SELECT text, stars FROM notes").all()).toEqual([{ text: "kept", stars: 5 }]);
    second.close();
    const [backup = ""] = await readdir(join(home, "backups"));
    const old = new Sqlite(join(home, "backups", backup), { readonly: true });
    expect(old.prepare("SELECT * FROM notes").all()).toEqual([{ text: "kept" }]);
    expect(old.pragma("user_version", { simple: true })).toBe(1);
    old.close();
  });

  it("takes over the runs of version 4, which tried no candidates and belong to no study", () => {
    const old = openDatabase(home, MIGRATIONS.slice(0, 4));
    old.exec(`INSERT INTO runs (id, kind, name, state, folder, created_at, dataset, dataset_fingerprint, step, total_steps)
      VALUES ('A1', 'search', 'of old', 'finished', '/runs/run-A1', '2026-01-02T03:04:05.000Z', 'kittens', 'f00d', 40, 40)`);
    old.close();
    const store = openStore(home);
    const [run] = store.runs.list();
    expect(run).toMatchObject({ id: "A1", name: "of old", step: 40, errorKind: null, studyId: null });
    expect(store.candidates.listOfRun("A1")).toEqual([]);
    store.runs.put({ ...run!, studyId: "S1" });
    store.candidates.replaceFrom("A1", 0, [buildCandidate(10)]);
    store.close();
    const again = openStore(home);
    expect(again.runs.find("A1")?.studyId).toBe("S1");
    expect(again.candidates.listOfRun("A1")).toEqual([buildCandidate(10)]);
    again.close();
  });

  it("leaves the database at its old version where a migration fails half-way", () => {
    openDatabase(home, ["CREATE TABLE notes (text TEXT) STRICT"]).close();
    expect(() => openDatabase(home, ["", "CREATE TABLE more (x TEXT) STRICT; CREATE TABLE notes (y TEXT)"])).toThrow();
    const db = openDatabase(home, ["CREATE TABLE notes (text TEXT) STRICT"]);
    expect(db.prepare("SELECT name FROM pragma_table_list WHERE name = 'more'").all()).toEqual([]);
    db.close();
  });

  it("refuses a database that a newer program made, and says what to do", () => {
    const db = openDatabase(home);
    db.pragma("user_version = 99");
    db.close();
    expect(() => openDatabase(home)).toThrow(
      expect.objectContaining({ kind: "newer_version", message: expect.stringContaining("got 99; update HiNAS Lab") }),
    );
  });

  it("says that a file that is no database is damaged and how to rebuild it", async () => {
    await writeFile(join(home, "lab.sqlite"), "this is no database at all, only text ".repeat(40));
    expect(() => openDatabase(home)).toThrow(
      expect.objectContaining({ kind: "bad_data", message: expect.stringContaining("hinas store rebuild") }),
    );
  });

  it("says that a cut database is damaged", async () => {
    openDatabase(home).close();
    await truncate(join(home, "lab.sqlite"), 4096 * 3);
    expect(() => openDatabase(home)).toThrow(expect.objectContaining({ kind: "bad_data" }));
  });

  it.skipIf(!CAN_BE_REFUSED)(
    "says that the folder cannot be written (skipped where a process without rights cannot read this checkout)",
    async () => {
      await chmod(home, 0o555);
      const imports = 'import { openDatabase } from "#main/store/openDatabase.ts";';
      expect(findRefusal(imports, "openDatabase(path)", home)).toBe("permission");
      await chmod(home, 0o700);
    },
  );

  it("loses no row when four processes create the database and write to it at once", async () => {
    const script = `
      import { openStore } from "#main/store/openStore.ts";
      const [home, who, card] = process.argv.slice(1);
      process.stdout.write("ready");
      process.stdin.once("data", () => {
        const store = openStore(home);
        for (let i = 0; i < 50; i += 1) {
          store.datasets.put({ ...JSON.parse(card), name: who + i, photos: i });
        }
        store.close();
        process.exit(0);
      });`;
    const writers = ["a", "b", "c", "d"].map((who) => startScript(script, home, who, JSON.stringify(buildCard())));
    await Promise.all(writers.map(({ child }) => new Promise((resolve) => child.stdout.once("data", resolve))));
    for (const { child } of writers) child.stdin.write("go\n");
    for (const { ended } of writers) expect(await ended).toEqual({ code: 0, output: "ready" });
    const store = openStore(home);
    expect(store.datasets.list()).toHaveLength(200);
    store.close();
  });
});
