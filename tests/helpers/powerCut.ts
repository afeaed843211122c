import { createHash } from "node:crypto";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join, relative } from "node:path";

import type { FileOperation } from "./recordFiles.ts";

/** A file: what was written, and what of it survives. */
interface DiskFile {
  readonly kind: "file";
  content: Buffer;
  kept: Buffer;
}

/** A folder: the names that programs see, and those that survive. */
interface DiskFolder {
  readonly kind: "folder";
  names: Map<string, DiskNode>;
  kept: ReadonlyMap<string, DiskNode>;
}

type DiskNode = DiskFile | DiskFolder;

/** How a disk may lose what nobody made durable: all of it, the content behind names that it kept, or nothing at all. */
const LOSSES = ["all", "content", "nothing"] as const;

/** What is left after a power cut. */
export interface Remains {
  readonly lost: (typeof LOSSES)[number];
  /** By path below the root; null is a folder. */
  readonly files: ReadonlyMap<string, Buffer | null>;
}

/**
 * Plays recorded operations below `root` on a pretended disk and lists, once each, all states in which a power cut before or
 * after any of the synchronisations may leave it.
 */
export async function listRemains(record: string, root: string): Promise<readonly Remains[]> {
  const lines = (await readFile(record, "utf8")).split("\n").filter((line) => line !== "");
  const disk = new PretendedDisk(root);
  const found = new Map<string, Remains>();
  for (const line of lines) {
    const operation = JSON.parse(line) as FileOperation;
    const isSync = operation.op === "sync_begins" || operation.op === "sync_ends";
    if (operation.op === "sync_begins") disk.addRemains(found);
    disk.play(operation);
    if (isSync) disk.addRemains(found);
  }
  return [...found.values()];
}

/** Writes what is left into a folder. */
export async function writeRemains({ files }: Remains, folder: string): Promise<void> {
  for (const [path, content] of files) {
    const place = join(folder, path);
    await mkdir(content === null ? place : dirname(place), { recursive: true });
    if (content !== null) await writeFile(place, content);
  }
}

class PretendedDisk {
  readonly #rootPath: string;
  readonly #root: DiskFolder = makeFolder();
  readonly #open = new Map<string, DiskNode>();
  /** What a synchronisation that goes on will have made durable. */
  readonly #syncing = new Map<string, () => void>();

  constructor(rootPath: string) {
    this.#rootPath = rootPath;
  }

  play(operation: FileOperation): void {
    switch (operation.op) {
      case "open": {
        const place = this.#find(operation.path);
        if (place === null) return;
        const node = place.name === "" ? place.folder : place.folder.names.get(place.name);
        const opened = node ?? { kind: "file", content: Buffer.alloc(0), kept: Buffer.alloc(0) };
        if (node === undefined) place.folder.names.set(place.name, opened);
        this.#open.set(operation.id, opened);
        return;
      }
      case "write": {
        const file = this.#open.get(operation.id);
        if (file?.kind === "file") file.content = Buffer.concat([file.content, Buffer.from(operation.bytes, "base64")]);
        return;
      }
      case "truncate": {
        const file = this.#open.get(operation.id);
        if (file?.kind === "file") file.content = file.content.subarray(0, operation.length);
        return;
      }
      case "sync_begins": {
        const node = this.#open.get(operation.id);
        if (node !== undefined) this.#syncing.set(operation.id, prepareToKeep(node));
        return;
      }
      case "sync_ends":
        this.#syncing.get(operation.id)?.();
        return;
      case "rename": {
        const [from, to] = [this.#find(operation.path), this.#find(operation.to)];
        const node = from?.folder.names.get(from.name);
        if (from === null || to === null || node === undefined) return;
        from.folder.names.delete(from.name);
        to.folder.names.set(to.name, node);
        return;
      }
      case "remove": {
        const place = this.#find(operation.path);
        place?.folder.names.delete(place.name);
        return;
      }
      case "make_folder": {
        const place = this.#find(operation.path);
        if (place !== null && place.name !== "" && !place.folder.names.has(place.name))
          place.folder.names.set(place.name, makeFolder());
        return;
      }
    }
  }

  addRemains(found: Map<string, Remains>): void {
    for (const lost of LOSSES) {
      const files = new Map<string, Buffer | null>();
      collect(this.#root, "", lost, files);
      const hash = createHash("sha256").update(lost);
      for (const [path, content] of files)
        hash.update(`${path}\n${content?.length ?? "folder"}\n`).update(content ?? "");
      found.set(hash.digest("hex"), { lost, files });
    }
  }

  /** The folder that holds a path, whose folders are made, and the name in it; null outside of the root. */
  #find(path: string): { readonly folder: DiskFolder; readonly name: string } | null {
    const inner = relative(this.#rootPath, path);
    if (inner.startsWith("..")) return null;
    const parts = inner.split("/");
    const name = parts.pop() ?? "";
    let folder = this.#root;
    for (const part of parts) {
      const next = folder.names.get(part) ?? makeFolder();
      if (next.kind === "file") return null;
      folder.names.set(part, next);
      folder = next;
    }
    return { folder, name };
  }
}

function makeFolder(): DiskFolder {
  return { kind: "folder", names: new Map(), kept: new Map() };
}

/** What was written before a synchronisation began is durable when it ends, and no more than that. */
function prepareToKeep(node: DiskNode): () => void {
  if (node.kind === "file") {
    const { content } = node;
    return () => void (node.kept = content);
  }
  const names = new Map(node.names);
  return () => void (node.kept = names);
}

function collect(folder: DiskFolder, path: string, lost: Remains["lost"], files: Map<string, Buffer | null>): void {
  if (path !== "") files.set(path, null);
  for (const [name, node] of lost === "all" ? folder.kept : folder.names) {
    const place = path === "" ? name : `${path}/${name}`;
    if (node.kind === "folder") collect(node, place, lost, files);
    else files.set(place, lost === "nothing" ? node.content : node.kept);
  }
}
