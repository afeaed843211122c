import fs from "node:fs";
import { syncBuiltinESMExports } from "node:module";
import { resolve } from "node:path";
import { threadId } from "node:worker_threads";

/**
 * Loaded before a program (`node --import`), this tells in the file `RECORD_FILES` what the program and its compute process
 * write, name and make durable, a line of JSON each, and changes nothing of it. `powerCut.ts` reads it.
 */
const record = process.env["RECORD_FILES"] ?? "";
const recordFd = fs.openSync(record, "a");
let opened = 0;

/** What is done to files; `id` is an open file or folder. */
export type FileOperation =
  | { readonly op: "open"; readonly id: string; readonly path: string }
  | { readonly op: "write"; readonly id: string; readonly bytes: string }
  | { readonly op: "truncate"; readonly id: string; readonly length: number }
  | { readonly op: "sync_begins" | "sync_ends"; readonly id: string }
  | { readonly op: "rename"; readonly path: string; readonly to: string }
  | { readonly op: "remove" | "make_folder"; readonly path: string };

const { writeSync } = fs;
function tell(operation: FileOperation): void {
  writeSync(recordFd, `${JSON.stringify(operation)}\n`);
}

function nameOpened(path: unknown): string {
  opened += 1;
  const id = `${process.pid}:${threadId}:${opened}`;
  tell({ op: "open", id, path: resolve(String(path)) });
  return id;
}

function toText(bytes: unknown): string {
  const content = typeof bytes === "string" ? Buffer.from(bytes) : (bytes as Uint8Array);
  return Buffer.from(content.buffer, content.byteOffset, content.byteLength).toString("base64");
}

type Act = (this: unknown, ...args: unknown[]) => unknown;

/** Puts a function in the place of another, which it gets first. */
function wrap(owner: object, name: string, make: (original: Act) => Act): void {
  const original = Reflect.get(owner, name) as Act;
  Reflect.set(owner, name, make(original));
}

const ids = new Map<number, string>();
wrap(fs, "openSync", (original) => (...args) => {
  const fd = original(...args) as number;
  ids.set(fd, nameOpened(args[0]));
  return fd;
});
wrap(fs, "writeSync", (original) => (...args) => {
  const written = original(...args) as number;
  const [fd, bytes, from = 0] = args as [number, Uint8Array, number?];
  const id = ids.get(fd);
  if (id !== undefined) tell({ op: "write", id, bytes: toText(bytes.subarray(from, from + written)) });
  return written;
});
wrap(fs, "ftruncateSync", (original) => (...args) => {
  original(...args);
  const [fd, length] = args as [number, number];
  tell({ op: "truncate", id: ids.get(fd) ?? "", length });
});
wrap(fs, "fsyncSync", (original) => (...args) => {
  const id = ids.get(args[0] as number) ?? "";
  tell({ op: "sync_begins", id });
  original(...args);
  tell({ op: "sync_ends", id });
});
wrap(fs, "fsync", (original) => (...args) => {
  const [fd, done] = args as [number, (error: Error | null) => void];
  const id = ids.get(fd) ?? "";
  tell({ op: "sync_begins", id });
  return original(fd, (error: Error | null) => {
    tell({ op: "sync_ends", id });
    done(error);
  });
});

const handles = new WeakMap<object, string>();
wrap(fs.promises, "open", (original) => async (...args) => {
  const handle = (await original(...args)) as object;
  handles.set(handle, nameOpened(args[0]));
  return handle;
});
wrap(fs.promises, "rename", (original) => async (...args) => {
  await original(...args);
  tell({ op: "rename", path: resolve(String(args[0])), to: resolve(String(args[1])) });
});
for (const name of ["rm", "unlink"]) {
  wrap(fs.promises, name, (original) => async (...args) => {
    await original(...args);
    tell({ op: "remove", path: resolve(String(args[0])) });
  });
}
wrap(fs.promises, "mkdir", (original) => async (...args) => {
  const made = await original(...args);
  tell({ op: "make_folder", path: resolve(String(args[0])) });
  return made;
});

const handle = await fs.promises.open(record, "r");
const prototype = Object.getPrototypeOf(handle) as object;
await handle.close();
wrap(
  prototype,
  "writeFile",
  (original) =>
    async function (...args) {
      await original.apply(this, args);
      tell({ op: "write", id: handles.get(this as object) ?? "", bytes: toText(args[0]) });
    },
);
for (const name of ["sync", "datasync"]) {
  wrap(
    prototype,
    name,
    (original) =>
      async function () {
        const id = handles.get(this as object) ?? "";
        tell({ op: "sync_begins", id });
        await original.apply(this, []);
        tell({ op: "sync_ends", id });
      },
  );
}
syncBuiltinESMExports();
