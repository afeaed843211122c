import type { Database } from "better-sqlite3";

/** What the index knows of a study; how it is doing stands in its folder. */
export interface StudyRow {
  readonly id: string;
  readonly name: string;
  readonly createdAt: string;
}

/** The index of study folders. */
export interface StudyTable {
  put(study: StudyRow): void;
  /** Newest first. */
  list(): readonly StudyRow[];
  remove(id: string): void;
}

/** Prepares the questions to the table `studies`. */
export function createStudyTable(db: Database): StudyTable {
  const put = db.prepare<[StudyRow]>(
    `INSERT INTO studies (id, name, created_at) VALUES (@id, @name, @createdAt)
     ON CONFLICT (id) DO UPDATE SET name = excluded.name`,
  );
  const list = db.prepare<[], StudyRow>(
    "SELECT id, name, created_at AS createdAt FROM studies ORDER BY created_at DESC, id DESC",
  );
  const remove = db.prepare<[string]>("DELETE FROM studies WHERE id = ?");
  return {
    put: ({ id, name, createdAt }) => void put.run({ id, name, createdAt }),
    list: () => list.all(),
    remove: (id) => void remove.run(id),
  };
}
