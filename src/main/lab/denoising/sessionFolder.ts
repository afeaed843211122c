import { randomBytes } from "node:crypto";
import { appendFile, mkdir, readdir, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";

import { toDiskError } from "#main/files/diskError.ts";
import { getOwnerTag, isOwnerGone, OWNER_TAG } from "#main/files/processIdentity.ts";

import { checkRoom, type WorkFolder } from "#main/lab/tasks/workFolder.ts";

/** Where one session keeps its pixels and what is known of them, so that a restart finds them again. */
export interface SessionFolder extends Pick<WorkFolder, "newFile"> {
  readonly folder: string;
  /** Writes what is known at its beginning. Throws LabError `disk`. */
  describe(session: unknown): Promise<void>;
  /** Adds a line about one of its results; the last line about one counts. Throws LabError `disk`. */
  note(line: unknown): Promise<void>;
  /** What was written, as it lies in the files; null where nothing sound does. */
  read(): Promise<{ readonly session: unknown; readonly lines: readonly unknown[] } | null>;
  /** Lets the next process have it. */
  release(): Promise<void>;
  remove(): Promise<void>;
}

/** The sessions that are kept in one place. */
export interface SessionFolders {
  /** Makes a folder for a new session. Throws LabError `disk` or `permission`. */
  create(): Promise<SessionFolder>;
  /** Takes over, oldest first, what processes that are gone left behind. */
  adopt(): Promise<readonly SessionFolder[]>;
}

/** Whose a session is stands in the name of an empty file, which one process alone can rename. */
const OWNER_FILE = new RegExp(`^owner-(${OWNER_TAG}|nobody)$`);
const SESSION = "session.json";
const LINES = "results.jsonl";
/** Some twenty photos of 45 megapixels, each as it came and as it went; disks have ten times as much. */
const LIMIT_BYTES = 20e9;

/** Keeps sessions in a folder, which is made when the first is. */
export function createSessionFolders(parent: string, limitBytes: number = LIMIT_BYTES): SessionFolders {
  return {
    create: async () => {
      // Names sort as their sessions began.
      const folder = join(parent, `${Date.now().toString(36).padStart(9, "0")}-${randomBytes(3).toString("hex")}`);
      try {
        await mkdir(folder, { recursive: true, mode: 0o700 });
        await writeFile(join(folder, `owner-${getOwnerTag()}`), "");
      } catch (cause) {
        throw toDiskError(`create ${folder}`, cause);
      }
      return openFolder(folder, parent, limitBytes);
    },
    adopt: async () => {
      const names = (await readdir(parent).catch(() => [])).toSorted();
      const folders: SessionFolder[] = [];
      for (const name of names) {
        const folder = join(parent, name);
        if (await claim(folder)) folders.push(openFolder(folder, parent, limitBytes));
      }
      return folders;
    },
  };
}

function openFolder(folder: string, parent: string, limitBytes: number): SessionFolder {
  const write = (what: Promise<unknown>): Promise<unknown> =>
    what.catch((cause: unknown) => {
      throw toDiskError(`write ${folder}`, cause);
    });
  return {
    folder,
    newFile: async (ending, bytes = 0) => {
      // The system's or a person's cleaning may have taken it meanwhile.
      await write(mkdir(folder, { recursive: true, mode: 0o700 }));
      await checkRoom(parent, bytes, limitBytes);
      return join(folder, `${randomBytes(8).toString("hex")}${ending}`);
    },
    describe: async (session) => {
      await write(writeFile(join(folder, SESSION), JSON.stringify(session)));
    },
    note: async (line) => {
      await write(appendFile(join(folder, LINES), `${JSON.stringify(line)}\n`));
    },
    read: async () => {
      const session = parseJson(await readFile(join(folder, SESSION), "utf8").catch(() => ""));
      if (session === null) return null;
      const lines = (await readFile(join(folder, LINES), "utf8").catch(() => "")).split("\n");
      // A kill leaves half of the last line at most.
      return { session, lines: lines.map(parseJson).filter((line) => line !== null) };
    },
    release: async () => {
      await rename(join(folder, `owner-${getOwnerTag()}`), join(folder, "owner-nobody")).catch(() => null);
    },
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}

/** Tells whether a folder was nobody's and is this process's now; of several that try, one gets it. */
async function claim(folder: string): Promise<boolean> {
  const files = await readdir(folder).catch(() => []);
  const owner = files.find((file) => OWNER_FILE.test(file));
  if (owner === undefined) return false;
  const tag = owner.slice("owner-".length);
  if (tag !== "nobody" && !isOwnerGone(tag)) return false;
  try {
    await rename(join(folder, owner), join(folder, `owner-${getOwnerTag()}`));
    return true;
  } catch {
    return false; // another process was first
  }
}

function parseJson(text: string): unknown {
  try {
    return text === "" ? null : JSON.parse(text);
  } catch {
    return null;
  }
}

/** Tells whether a file is there; what is missing of a session is not shown. */
export async function isThere(file: string): Promise<boolean> {
  return (await stat(file).catch(() => null))?.isFile() === true;
}
