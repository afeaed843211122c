import { readdir, rm, stat } from "node:fs/promises";
import { dirname, join } from "node:path";

import { getCacheFolder } from "#main/engine/install/engineCache.ts";
import { getErrorCode, toDiskError } from "#main/files/diskError.ts";
import { setPhotoBudget } from "#main/photos/photoRoom.ts";
import type { getHomePaths } from "#main/store/labHome.ts";
import type { Store } from "#main/store/openStore.ts";
import { DEFAULT_PREFERENCES, type Preferences, preferencesSchema, type Storage } from "#shared/api/preferences.ts";

import type { Changes } from "#main/lab/changes.ts";

import { measureFreeMb } from "./deviceLoad.ts";

/** Where preferences are kept. */
export interface PreferencesContext {
  readonly changes: Pick<Changes, "tell">;
  getStore(): Pick<Store, "preferences" | "inTransaction">;
}

/** The folders that storage is measured in. */
export interface StorageContext {
  readonly home: string;
  readonly paths: ReturnType<typeof getHomePaths>;
}

/** Some preferences; what is undefined stays as it is. */
type Wishes = { readonly [Name in keyof Preferences]?: Preferences[Name] | undefined };

/** Reads what the person prefers; what was never set, or makes no sense any more, has its default. */
export function getPreferences(context: Pick<PreferencesContext, "getStore">): Preferences {
  const kept = context.getStore().preferences.readAll();
  const sound = Object.entries(kept).filter(
    ([name, value]) => preferencesSchema.partial().safeParse({ [name]: value }).success,
  );
  return preferencesSchema.parse({ ...DEFAULT_PREFERENCES, ...Object.fromEntries(sound) });
}

/** Changes what is given and returns all. */
export function setPreferences(context: PreferencesContext, changes: Wishes): Preferences {
  const store = context.getStore();
  store.inTransaction(() => {
    for (const [name, value] of Object.entries(changes)) if (value !== undefined) store.preferences.put(name, value);
  });
  context.changes.tell({ kind: "stale", topic: "preferences" });
  const now = getPreferences(context);
  setPhotoBudget(now.photoBudgetMb);
  return now;
}

/** Measures what each folder of the lab takes on the disk. Throws LabError `permission` or `disk`. */
export async function measureStorage({ home, paths }: StorageContext): Promise<Storage> {
  const { runs, publicSets, datasets, architectures, noiseProfiles, sessions, uploads, database, backups, trash } =
    paths;
  const places = [
    { holds: "runs", folder: runs, bytes: await measureBytes(runs) },
    { holds: "public sets", folder: publicSets, bytes: await measureBytes(publicSets) },
    { holds: "architectures", folder: architectures, bytes: await measureBytes(architectures) },
    { holds: "data set cards", folder: datasets, bytes: await measureBytes(datasets) },
    { holds: "noise profiles", folder: noiseProfiles, bytes: await measureBytes(noiseProfiles) },
    { holds: "results", folder: sessions, bytes: (await measureBytes(sessions)) + (await measureBytes(uploads)) },
    { holds: "database", folder: dirname(database), bytes: await measureFiles(database) },
    { holds: "backups", folder: backups, bytes: await measureBytes(backups) },
    { holds: "trash", folder: trash, bytes: await measureBytes(trash) },
    { holds: "engine", folder: getCacheFolder(), bytes: await measureBytes(getCacheFolder()) },
  ] as const;
  return { home, places, freeMb: await measureFreeMb(home) };
}

/** Deletes the trash for good and returns how many bytes that freed. */
export async function emptyTrash({ paths }: Pick<StorageContext, "paths">): Promise<number> {
  const bytes = await measureBytes(paths.trash);
  await rm(paths.trash, { recursive: true, force: true }).catch((cause: unknown) => {
    throw toDiskError(`empty ${paths.trash}`, cause);
  });
  return bytes;
}

/** Adds up the sizes of all files below a folder; nothing where there is no folder. Links are not followed. */
async function measureBytes(folder: string): Promise<number> {
  try {
    const entries = await readdir(folder, { recursive: true, withFileTypes: true });
    const files = entries.filter((entry) => entry.isFile());
    let bytes = 0;
    for (const { parentPath, name } of files) bytes += await measureFile(join(parentPath, name));
    return bytes;
  } catch (cause) {
    if (getErrorCode(cause) === "ENOENT") return 0;
    throw toDiskError(`measure ${folder}`, cause);
  }
}

/** The database with its journal. */
async function measureFiles(database: string): Promise<number> {
  const sizes = await Promise.all(["", "-wal", "-shm"].map((suffix) => measureFile(`${database}${suffix}`)));
  return sizes.reduce((sum, size) => sum + size, 0);
}

/** A file may go away while its folder is measured. */
async function measureFile(file: string): Promise<number> {
  try {
    return (await stat(file)).size;
  } catch (cause) {
    if (getErrorCode(cause) === "ENOENT") return 0;
    throw toDiskError(`measure ${file}`, cause);
  }
}
