import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";

import lockfile from "proper-lockfile";

const OUT = "out";
/** Written last, so its time is the build's. */
const PRODUCTS = [join(OUT, "main/index.js"), join(OUT, "preload/preload.cjs"), join(OUT, "renderer/index.html")];
const SOURCES = ["src", "electron.vite.config.ts", "package.json", "package-lock.json"];
const BUILDER = "node_modules/electron-vite/bin/electron-vite.js";
/** A build takes seconds; another test file's is waited for. */
const LOCK_TRIES = { retries: 600, minTimeout: 100, maxTimeout: 500 };

/**
 * Builds the program as it ships where its sources have changed since, so that no test looks at an older one, and returns
 * the folder of the window. Test files that ask at the same time share one build.
 */
export async function buildProgram(): Promise<string> {
  await mkdir(OUT, { recursive: true });
  const release = await lockfile.lock(OUT, { retries: LOCK_TRIES });
  try {
    if (!(await isCurrent())) await promisify(execFile)(process.execPath, [BUILDER, "build", "--logLevel", "warn"]);
  } finally {
    await release();
  }
  return join(OUT, "renderer");
}

async function isCurrent(): Promise<boolean> {
  if (!PRODUCTS.every(existsSync)) return false;
  const built = await Promise.all(PRODUCTS.map(timeOf));
  const sources = (await Promise.all(SOURCES.map(newestIn))).flat();
  return Math.max(...sources) < Math.min(...built);
}

/** The newest time of a file, or of a folder and all that it holds; a folder's own time tells of files that are gone. */
async function newestIn(path: string): Promise<number> {
  if (!(await stat(path)).isDirectory()) return timeOf(path);
  const inside = await readdir(path, { recursive: true });
  return Math.max(...(await Promise.all([path, ...inside.map((name) => join(path, name))].map(timeOf))));
}

async function timeOf(path: string): Promise<number> {
  return (await stat(path)).mtimeMs;
}
