import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { buffer } from "node:stream/consumers";

import { fromBufferPromise } from "yauzl";

import { toDiskError } from "#main/files/diskError.ts";
import { getOwnerTag } from "#main/files/processIdentity.ts";
import { makeFolder, syncFolder } from "#main/files/syncFolder.ts";
import type { LabContext } from "#main/lab/labContext.ts";
import { getRunPaths } from "#main/store/runs/runFolder.ts";
import { reconcileStore } from "#main/store/reconcileStore.ts";
import { TOPICS } from "#shared/api/updates.ts";
import type { RunSummary } from "#shared/api/runs.ts";
import { LabError } from "#shared/labError.ts";

import { BUNDLE, type Bundle, bundleSchema, MOST_BUNDLE_BYTES } from "./bundleFile.ts";

/**
 * Takes the run of a bundle's file into the lab under the id that it had; its files must be as their hashes say. Throws LabError `bad_data` for
 * what is no sound bundle, `bad_config` where the run is there already, `not_found` without a file.
 */
export async function importBundle(lab: LabContext, file: string): Promise<RunSummary> {
  const files = await unpack(await read(file));
  const bundle = readManifest(files);
  checkFiles(bundle, files);
  const { id } = bundle.run;
  const final = join(lab.paths.runs, `run-${id}`);
  if (existsSync(final)) throw new LabError("bad_config", `run ${id} is in this lab already`);
  await place(lab, final, bundle, files);
  reconcileStore(lab.getStore(), lab.home);
  const run = await lab.showRun(id);
  lab.changes.tell({ kind: "run", run });
  for (const topic of TOPICS) lab.changes.tell({ kind: "stale", topic });
  return run;
}

async function read(file: string): Promise<Buffer> {
  const toTrouble = (cause: unknown): never => {
    throw toDiskError(`read ${file}`, cause);
  };
  const { size } = await stat(file).catch(toTrouble);
  if (size > MOST_BUNDLE_BYTES) {
    throw new LabError("bad_data", `${file} must have at most ${MOST_BUNDLE_BYTES} bytes, got ${size}`);
  }
  return readFile(file).catch(toTrouble);
}

async function unpack(bytes: Buffer): Promise<ReadonlyMap<string, Buffer>> {
  const files = new Map<string, Buffer>();
  let total = 0;
  try {
    const zip = await fromBufferPromise(bytes);
    for await (const entry of zip.eachEntry()) {
      total += entry.uncompressedSize;
      if (total > MOST_BUNDLE_BYTES) throw new RangeError(`it holds more than ${MOST_BUNDLE_BYTES} bytes`);
      files.set(entry.fileName, await buffer(await zip.openReadStreamPromise(entry)));
    }
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new LabError("bad_data", `the bundle must be a ZIP that this program wrote: ${reason}`, { cause });
  }
  return files;
}

function readManifest(files: ReadonlyMap<string, Buffer>): Bundle {
  const text = files.get(BUNDLE.manifest)?.toString("utf8");
  if (text === undefined) throw new LabError("bad_data", `the bundle must have a file ${BUNDLE.manifest}, got none`);
  try {
    return bundleSchema.parse(JSON.parse(text));
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new LabError("bad_data", `${BUNDLE.manifest} of the bundle must be as its schema says: ${reason}`, { cause });
  }
}

function checkFiles({ files: told }: Bundle, files: ReadonlyMap<string, Buffer>): void {
  for (const { path, sha256 } of told) {
    const content = files.get(path);
    if (content === undefined) throw new LabError("bad_data", `the bundle must have the file ${path}, got none`);
    const got = createHash("sha256").update(content).digest("hex");
    if (got !== sha256)
      throw new LabError("bad_data", `${path} in the bundle must have the hash ${sha256}, got ${got}`);
  }
}

/** The run appears under its name only when it is complete. Only files that the manifest names are taken. */
async function place(
  { paths }: LabContext,
  final: string,
  { run, files: told }: Bundle,
  files: ReadonlyMap<string, Buffer>,
): Promise<void> {
  const unfinished = join(paths.runs, `.new-${run.id}-${getOwnerTag()}`);
  try {
    await makeFolder(paths.runs);
    for (const { path } of told.filter((each) => each.path.startsWith(BUNDLE.run))) {
      const target = join(unfinished, path.slice(BUNDLE.run.length));
      await mkdir(dirname(target), { recursive: true });
      await writeFile(target, files.get(path) ?? ""); // all are there
    }
    // Folders with nothing in them are in no ZIP.
    const { checkpoints, genotypes, images, evaluations } = getRunPaths(unfinished);
    for (const folder of [checkpoints, genotypes, images, evaluations]) await mkdir(folder, { recursive: true });
    await rename(unfinished, final);
    await syncFolder(paths.runs);
  } catch (cause) {
    await rm(unfinished, { recursive: true, force: true });
    throw toDiskError(`create ${final}`, cause);
  }
}
