import Sqlite, { type Database } from "better-sqlite3";

const PAUSE_MS = 20;

/**
 * Switches a database to write-ahead logging. SQLite does not wait for a lock here as it does elsewhere: two processes that
 * create a database at once would block each other, so one is told that it is busy at once and must come again. Throws
 * SqliteError where it stays busy for `timeoutMs`.
 */
export function switchToWal(db: Database, timeoutMs: number): void {
  const end = performance.now() + timeoutMs;
  for (;;) {
    try {
      db.pragma("journal_mode = WAL");
      return;
    } catch (cause) {
      const isBusy = cause instanceof Sqlite.SqliteError && cause.code.startsWith("SQLITE_BUSY");
      if (!isBusy || performance.now() >= end) throw cause;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, PAUSE_MS);
    }
  }
}
