import { createHash } from "node:crypto";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, relative, sep } from "node:path";

import { toDiskError } from "#main/files/diskError.ts";
import { writeNewFile } from "#main/files/writeNewFile.ts";
import { packZip, type ZipEntry } from "#main/files/zip.ts";
import type { LabContext } from "#main/lab/labContext.ts";
import { exportModel } from "#main/lab/models/modelExchange.ts";
import { readProgramVersion } from "#main/lab/runs/programVersion.ts";
import { findRun } from "#main/lab/runs/runs.ts";
import { getRunPaths, readManifest } from "#main/store/runs/runFolder.ts";
import type { RunSummary } from "#shared/api/runs.ts";
import { LabError } from "#shared/labError.ts";
import { ACTIVE_STATES } from "#shared/runs/runEvent.ts";

import { BUNDLE, type Bundle, MOST_BUNDLE_BYTES } from "./bundleFile.ts";

/** What belongs to the computer that a run is on: orders to it, and locks. */
const OWN_FILES = /^control\.json$|\.lock(\/|$)|^\./;

/**
 * Packs a run with its network, what is known of its photos and where it was computed into one ZIP, with the hash of each file. Throws
 * LabError `bad_config` for a run at work, or one that is too large.
 */
export async function packBundle(lab: LabContext, idOrName: string): Promise<Buffer> {
  const run = await findRun(lab, idOrName);
  if (ACTIVE_STATES.has(run.state)) {
    throw new LabError("bad_config", `run ${run.id} must have ended, got ${run.state}`);
  }
  const { dataset } = await readManifest(getRunPaths(run.folder));
  const files = await readRunFolder(run.folder);
  const environment = files.find(({ path }) => path === `${BUNDLE.run}env.json`);
  const { name, photos, fingerprint } = dataset;
  const entries: readonly ZipEntry[] = [
    { path: BUNDLE.readme, content: Buffer.from(describeBundle(run)) },
    { path: BUNDLE.data, content: toJson({ name, photos, fingerprint, hasPairs: dataset.noisyFolder !== null }) },
    ...(environment === undefined ? [] : [{ ...environment, path: BUNDLE.environment }]),
    ...(await readModel(lab, run)),
    ...files,
  ];
  return packZip([{ path: BUNDLE.manifest, content: toJson(await describe(run, entries)) }, ...entries]);
}

/** Packs a run into a new file. Throws LabError, also where the file is there. */
export async function writeBundle(lab: LabContext, idOrName: string, file: string): Promise<void> {
  await writeNewFile(file, await packBundle(lab, idOrName));
}

async function describe({ id, name, kind }: RunSummary, entries: readonly ZipEntry[]): Promise<Bundle> {
  return {
    schema: "hinas.bundle",
    version: 1,
    program: await readProgramVersion(),
    run: { id, name, kind },
    packedAt: new Date().toISOString(),
    files: entries.map(({ path, content }) => ({
      path,
      sha256: createHash("sha256").update(content).digest("hex"),
      bytes: content.length,
    })),
  };
}

async function readRunFolder(folder: string): Promise<readonly ZipEntry[]> {
  const found = await readdir(folder, { recursive: true, withFileTypes: true }).catch((cause: unknown) => {
    throw toDiskError(`read ${folder}`, cause);
  });
  const entries: ZipEntry[] = [];
  let bytes = 0;
  for (const each of found.filter((entry) => entry.isFile())) {
    const file = join(each.parentPath, each.name);
    const inside = relative(folder, file).split(sep).join("/");
    if (OWN_FILES.test(inside)) continue;
    const content = await readFile(file).catch((cause: unknown) => {
      throw toDiskError(`read ${file}`, cause);
    });
    bytes += content.length;
    if (bytes > MOST_BUNDLE_BYTES) {
      throw new LabError("bad_config", `${folder} must have at most ${MOST_BUNDLE_BYTES / 1e9} GB, got more`);
    }
    entries.push({ path: `${BUNDLE.run}${inside}`, content });
  }
  return entries.toSorted((a, b) => a.path.localeCompare(b.path, "en"));
}

/** Only a training that was validated has a network to give away. */
async function readModel(lab: LabContext, run: RunSummary): Promise<readonly ZipEntry[]> {
  if (run.kind !== "train" || run.best === null) return [];
  const folder = await mkdtemp(join(tmpdir(), "hinas-bundle-"));
  try {
    const file = join(folder, "network.safetensors");
    const { cardFile } = await exportModel(lab, { model: run.id, format: "safetensors", file, card: {} });
    return [
      { path: `${BUNDLE.model}network.safetensors`, content: await readFile(file) },
      { path: `${BUNDLE.model}card.json`, content: await readFile(cardFile) },
    ];
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function describeBundle({ id, name, kind }: RunSummary): string {
  return [
    `# ${name}`,
    "",
    `A ${kind === "search" ? "search" : "training"} of HiNAS Lab, run ${id}. \`hinas bundle import FILE\` opens it in another lab.`,
    "",
    "- `run/`: settings, events, checkpoints, pictures, evaluations",
    "- `model/`: the network as safetensors, and its card (trainings)",
    "- `data.json`: name, number and fingerprint of the photos, which are not in here",
    "- `environment.json`: computer, engine and versions",
    "- `bundle.json`: every file with its SHA-256",
    "",
  ].join("\n");
}

function toJson(value: unknown): Buffer {
  return Buffer.from(`${JSON.stringify(value, null, 2)}\n`);
}
