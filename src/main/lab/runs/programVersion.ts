import { readFile, stat } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

import { z } from "zod";

import { readJsonFile } from "#main/files/readJsonFile.ts";

/** Which program computed: its version, and the commit of its sources; null for one that was not checked out of git. */
export interface ProgramVersion {
  readonly version: string;
  readonly commit: string | null;
}

const NAME = "hinas-lab";
const packageSchema = z.looseObject({ name: z.string(), version: z.string() });
const COMMIT = /^[0-9a-f]{40,64}$/;

/** Reads version and commit of the program that runs. */
export async function readProgramVersion(): Promise<ProgramVersion> {
  let folder = dirname(fileURLToPath(import.meta.url));
  for (;;) {
    const found = await readJsonFile(join(folder, "package.json"), packageSchema).catch(() => null); // one folder up, then
    if (found?.name === NAME) return { version: found.version, commit: await readCommit(folder) };
    const above = dirname(folder);
    if (above === folder) return { version: "unknown", commit: null };
    folder = above;
  }
}

/** Reads the commit that is checked out in a folder, also of a linked work tree; null where there is none. Starts no process. */
export async function readCommit(folder: string): Promise<string | null> {
  try {
    const git = await findGitFolder(folder);
    const head = (await readFile(join(git, "HEAD"), "utf8")).trim();
    const ref = /^ref: (.+)$/.exec(head)?.[1];
    if (ref === undefined) return COMMIT.test(head) ? head : null;
    const shared = await readFile(join(git, "commondir"), "utf8").then(
      (path) => resolve(git, path.trim()),
      () => git, // the work tree is the only one
    );
    const loose = await readFile(join(shared, ref), "utf8").catch(() => "");
    const found = COMMIT.test(loose.trim()) ? loose.trim() : await findPacked(shared, ref);
    return found;
  } catch {
    return null; // no git, or one that this does not know
  }
}

async function findGitFolder(folder: string): Promise<string> {
  const place = join(folder, ".git");
  if ((await stat(place)).isDirectory()) return place;
  const path = (await readFile(place, "utf8")).replace(/^gitdir: /, "").trim();
  return resolve(folder, path);
}

async function findPacked(git: string, ref: string): Promise<string | null> {
  const lines = (await readFile(join(git, "packed-refs"), "utf8")).split("\n");
  const line = lines.find((each) => each.endsWith(` ${ref}`)) ?? ""; // no such branch
  const [commit = ""] = line.split(" ");
  return COMMIT.test(commit) ? commit : null;
}
