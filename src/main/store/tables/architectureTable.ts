import type { Database } from "better-sqlite3";

import { type ArchitectureCard, architectureCardSchema } from "#main/store/cards/architectureCards.ts";

/** The library of architectures. */
export interface ArchitectureTable {
  put(card: ArchitectureCard): void;
  find(hash: string): ArchitectureCard | null;
  has(hash: string): boolean;
  /** Newest first. */
  list(): readonly ArchitectureCard[];
  /** Hashes of the architectures that were made from this one by hand, oldest first. */
  listChildren(hash: string): readonly string[];
  remove(hash: string): void;
}

interface ArchitectureRow {
  readonly hash: string;
  readonly name: string;
  readonly genotype: string;
  readonly origin: string;
  readonly parent: string | null;
  readonly addedAt: string;
}

const COLUMNS = "hash, name, genotype_json AS genotype, origin_json AS origin, parent, added_at AS addedAt";

/** Prepares the questions to the table `architectures`. */
export function createArchitectureTable(db: Database): ArchitectureTable {
  const put = db.prepare<[ArchitectureRow]>(
    `INSERT INTO architectures (hash, name, genotype_json, origin_json, parent, added_at)
     VALUES (@hash, @name, @genotype, @origin, @parent, @addedAt)
     ON CONFLICT (hash) DO UPDATE SET name = excluded.name, origin_json = excluded.origin_json,
       parent = excluded.parent, added_at = excluded.added_at`,
  );
  const find = db.prepare<[string], ArchitectureRow>(`SELECT ${COLUMNS} FROM architectures WHERE hash = ?`);
  const has = db.prepare<[string]>("SELECT 1 FROM architectures WHERE hash = ?");
  const list = db.prepare<[], ArchitectureRow>(`SELECT ${COLUMNS} FROM architectures ORDER BY added_at DESC, hash`);
  const children = db.prepare<[string], { hash: string }>(
    "SELECT hash FROM architectures WHERE parent = ? ORDER BY added_at, hash",
  );
  const remove = db.prepare<[string]>("DELETE FROM architectures WHERE hash = ?");
  return {
    put: ({ genotype, origin, ...card }) =>
      void put.run({
        ...card,
        genotype: JSON.stringify(genotype),
        origin: JSON.stringify(origin),
        parent: origin.kind === "edited" ? origin.parent : null,
      }),
    find: (hash) => {
      const row = find.get(hash);
      return row === undefined ? null : fromRow(row);
    },
    has: (hash) => has.get(hash) !== undefined,
    list: () => list.all().map(fromRow),
    listChildren: (hash) => children.all(hash).map((row) => row.hash),
    remove: (hash) => void remove.run(hash),
  };
}

function fromRow({ genotype, origin, hash, name, addedAt }: ArchitectureRow): ArchitectureCard {
  return architectureCardSchema.parse({
    hash,
    name,
    genotype: JSON.parse(genotype) as unknown,
    origin: JSON.parse(origin) as unknown,
    addedAt,
  });
}
