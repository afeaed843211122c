import Database from "better-sqlite3";
import fs from "node:fs";
import { syncBuiltinESMExports } from "node:module";
import { resolve, sep } from "node:path";
import { isMainThread } from "node:worker_threads";

import { type DeathPlan, describeMoment, type Process } from "./moments.ts";

/**
 * Loaded before a program and its compute process (`node --import`), this tells in a file what they do to the files of a
 * job and to the index, a line each, and kills one of the two or both right before or right after one of these steps.
 */
const { root, record, death } = JSON.parse(process.env["HINAS_TRIAL_DEATH"] ?? "") as DeathPlan;
const who: Process = process.argv[1]?.includes("orker") === true ? "worker" : "host";
const STARTER = "/starter.";
const { appendFileSync, readFileSync } = fs;
let count = 0;

/** Does a step; `path` is what it is done to. */
type Step = <T>(path: unknown, name: string, act: () => T) => T;

const step: Step = (path, name, act) => {
  const place = typeof path === "string" || path instanceof URL || Buffer.isBuffer(path) ? resolve(String(path)) : "";
  if (place !== root && !place.startsWith(root + sep)) return act();
  const moment = `${who}: ${describeMoment(name, place.slice(root.length))}`;
  if (record !== null) appendFileSync(record, `${moment}\n`);
  if (death?.moment !== moment) return act();
  count += 1;
  if (count !== death.nth) return act();
  if (death.isBefore) die();
  const done = act();
  if (!(done instanceof Promise)) {
    die();
    return done;
  }
  return done.finally(die) as typeof done;
};

/** Whoever is to die does so at once, in the middle of what it does. */
function die(): void {
  if (death === null) return;
  const workers = who === "worker" ? [process.pid] : findWorkers(process.pid);
  const hosts = [who === "worker" ? findHost() : process.pid];
  const victims = [...(death.victim === "host" ? [] : workers), ...(death.victim === "worker" ? [] : hosts)];
  if (victims.length > 0) appendFileSync(death.note, `${death.victim} ${death.moment}\n`);
  // Itself last, for nothing is done after that.
  for (const pid of victims.toSorted((a) => (a === process.pid ? 1 : -1))) process.kill(pid, "SIGKILL");
}

/** The compute process is a child of the lab's, or of a small one between them that starts processes. */
function findWorkers(parent: number): readonly number[] {
  const children = readFrom(`/proc/${parent}/task/${parent}/children`).trim().split(" ").map(Number);
  return children.flatMap((pid) => {
    const command = pid > 0 ? readFrom(`/proc/${pid}/cmdline`) : "";
    if (command.includes(STARTER)) return findWorkers(pid);
    return command.includes("orker") ? [pid] : [];
  });
}

function findHost(): number {
  const { ppid } = process;
  if (!readFrom(`/proc/${ppid}/cmdline`).includes(STARTER)) return ppid;
  return Number(/PPid:\s+(\d+)/.exec(readFrom(`/proc/${ppid}/status`))?.[1]);
}

/** What has ended meanwhile has nothing to read. */
function readFrom(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
}

type Act = (this: unknown, ...args: unknown[]) => unknown;

function wrap(owner: object, name: string, make: (original: Act) => Act): void {
  const original = Reflect.get(owner, name) as Act;
  Reflect.set(owner, name, make(original));
}

const isForWriting = (flags: unknown): boolean => typeof flags === "string" && flags !== "r";
const opened = new Map<unknown, string>();

function watchFiles(): void {
  for (const name of ["rename", "link"]) {
    for (const owner of [fs.promises, fs]) {
      // Where it goes says what it is for.
      wrap(
        owner,
        name,
        (original) =>
          (...args) =>
            step(args[1], name, () => original(...args)),
      );
    }
  }
  for (const name of ["rm", "unlink", "rmdir", "mkdir", "mkdtemp", "writeFile", "appendFile", "utimes"]) {
    wrap(
      fs.promises,
      name,
      (original) =>
        (...args) =>
          step(args[0], name, () => original(...args)),
    );
    wrap(
      fs,
      name,
      (original) =>
        (...args) =>
          step(args[0], name, () => original(...args)),
    );
  }
  wrap(
    fs,
    "renameSync",
    (original) =>
      (...args) =>
        step(args[1], "rename", () => original(...args)),
  );
  for (const name of ["rm", "unlink", "rmdir", "mkdir", "mkdtemp", "writeFile", "appendFile"]) {
    wrap(
      fs,
      `${name}Sync`,
      (original) =>
        (...args) =>
          step(args[0], name, () => original(...args)),
    );
  }
  wrap(
    fs.promises,
    "copyFile",
    (original) =>
      (...args) =>
        step(args[1], "copyFile", () => original(...args)),
  );
  wrap(fs.promises, "open", (original) => async (...args) => {
    if (!isForWriting(args[1])) return original(...args);
    const handle = await step(args[0], "open", async () => original(...args));
    opened.set(handle, String(args[0]));
    return handle;
  });
  wrap(fs, "openSync", (original) => (...args) => {
    if (!isForWriting(args[1])) return original(...args);
    const fd = step(args[0], "open", () => original(...args));
    opened.set(fd, String(args[0]));
    return fd;
  });
  for (const name of ["writeSync", "fsyncSync", "ftruncateSync", "fsync"]) {
    wrap(
      fs,
      name,
      (original) =>
        (...args) =>
          step(opened.get(args[0]), name.replace("Sync", ""), () => original(...args)),
    );
  }
}

async function watchHandles(): Promise<void> {
  const handle = await fs.promises.open("/dev/null", "r");
  const prototype = Object.getPrototypeOf(handle) as object;
  await handle.close();
  for (const name of ["writeFile", "write", "sync", "datasync"]) {
    wrap(
      prototype,
      name,
      (original) =>
        function (...args) {
          return step(opened.get(this), name, async () => original.apply(this, args));
        },
    );
  }
}

/** The index is written by native code, one statement after the other. */
function watchIndex(): void {
  const database = new Database(":memory:");
  const prototype = Object.getPrototypeOf(database.prepare("SELECT 1")) as object;
  database.close();
  wrap(
    prototype,
    "run",
    (original) =>
      function (...args) {
        return step(`${root}${sep}index`, "statement", () => original.apply(this, args));
      },
  );
}

// Photos are read in threads, which write nothing, and neither does what starts processes.
if (isMainThread && process.argv[1]?.includes(STARTER) !== true) {
  watchFiles();
  await watchHandles();
  if (who === "host") watchIndex();
  syncBuiltinESMExports();
}
