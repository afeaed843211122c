import { closeSync, mkdirSync, openSync } from "node:fs";
import { join } from "node:path";

import Sqlite, { type Database } from "better-sqlite3";
import { ulid } from "ulid";

import { LabError } from "#shared/labError.ts";

import { damaged, toDatabaseError } from "./databaseError.ts";
import { getHomePaths } from "./labHome.ts";
import { MIGRATIONS } from "./migrations/migrations.ts";
import { makePrivateFile, makePrivateHome, PRIVATE_FILE, PRIVATE_FOLDER } from "./privateHome.ts";

/** Longer than any migration of an index of runs takes, so that a second process waits for the first one. */
const BUSY_TIMEOUT_MS = 15_000;
const BUSY_PAUSE_MS = 20;

/**
 * Opens the lab's database, creating or migrating it as needed; the caller closes it. Any number of processes may have
 * it open. An existing database is backed up before it is migrated. Throws LabError `newer_version`, `bad_data`
 * (damaged), `busy`, `disk` or `permission`.
 */
export function openDatabase(home: string, migrations: readonly string[] = MIGRATIONS): Database {
  const paths = getHomePaths(home);
  let db: Database | null = null;
  try {
    makePrivateHome(home);
    closeSync(openSync(paths.database, "a", PRIVATE_FILE));
    // SQLite gives the files beside the database its mode.
    makePrivateFile(paths.database);
    db = new Sqlite(paths.database, { timeout: BUSY_TIMEOUT_MS });
    switchToWal(db);
    // A commit that waits for the disk holds up everything while a large photo is written. What a power cut takes from the
    // index, files tell again at the next start.
    db.pragma("synchronous = NORMAL");
    db.pragma("foreign_keys = ON");
    checkSoundness(db);
    migrate(db, paths, migrations);
    return db;
  } catch (cause) {
    db?.close();
    throw toDatabaseError(paths.database, cause);
  }
}

/**
 * Switches to write-ahead logging. SQLite does not wait for a lock here as it does elsewhere: two processes that create a
 * database at once would block each other, so one is told that it is busy at once and must come again.
 */
function switchToWal(db: Database): void {
  const end = performance.now() + BUSY_TIMEOUT_MS;
  for (;;) {
    try {
      db.pragma("journal_mode = WAL");
      return;
    } catch (cause) {
      const isBusy = cause instanceof Sqlite.SqliteError && cause.code.startsWith("SQLITE_BUSY");
      if (!isBusy || performance.now() >= end) throw cause;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, BUSY_PAUSE_MS);
    }
  }
}

function checkSoundness(db: Database): void {
  const answer: unknown = db.pragma("quick_check(1)", { simple: true });
  if (answer !== "ok") throw damaged(db.name, String(answer));
}

function migrate(db: Database, paths: { database: string; backups: string }, migrations: readonly string[]): void {
  const version = readVersion(db);
  if (version > migrations.length) {
    throw new LabError(
      "newer_version",
      `${paths.database} must have version ${migrations.length} or older, got ${version}; update HiNAS Lab`,
    );
  }
  if (version === migrations.length) return;
  if (version > 0) backUp(db, paths.backups, version);
  const run = db.transaction(() => {
    // Read again: another process may have migrated since.
    for (const sql of migrations.slice(readVersion(db))) db.exec(sql);
    db.pragma(`user_version = ${migrations.length}`);
  });
  run.immediate();
}

function readVersion(db: Database): number {
  return Number(db.pragma("user_version", { simple: true }));
}

function backUp(db: Database, folder: string, version: number): void {
  mkdirSync(folder, { recursive: true, mode: PRIVATE_FOLDER });
  const file = join(folder, `lab-version-${version}-${ulid()}.sqlite`);
  // SQLite writes into an empty file, and keeps its mode.
  closeSync(openSync(file, "wx", PRIVATE_FILE));
  db.prepare("VACUUM INTO ?").run(file);
}
