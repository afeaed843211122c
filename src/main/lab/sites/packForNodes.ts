import { existsSync } from "node:fs";
import { chmod, mkdir, rename, rm, stat, symlink, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

import { getCacheFolder, getEngineFolder, readEngineRecord } from "#main/engine/install/engineCache.ts";
import { toDiskError } from "#main/files/diskError.ts";
import { readJsonFile } from "#main/files/readJsonFile.ts";
import { makeTemporaryFolder } from "#main/files/temporaryFiles.ts";
import { runApart } from "#main/processes/startProcess.ts";
import { LabError } from "#shared/labError.ts";

import { listNodePackages, packageLockSchema } from "./nodePackages.ts";

/** What nodes without a network get. */
export interface NodePack {
  /** A plain tar of one folder, which runs wherever it is unpacked. */
  readonly tar: string;
  /** A recipe that makes an Apptainer image of the tar. */
  readonly recipe: string;
  readonly bytes: number;
}

/** The folder in the tar. */
export const PACK_FOLDER = "hinas-node";
const ENDING = ".tar";
/** Some two gigabytes onto a slow disk. */
const PACK_MS = 60 * 60_000;
/** What lies beside the packages in the project. */
const PROJECT_PARTS = ["package.json", "LICENSE", "src", "resources/presets"];

/** Sets where the engine lies, unless somebody has, and starts the program with its own Node. */
const START_SCRIPT = `#!/bin/sh
here=$(dirname "$(dirname "$(readlink -f "$0")")")
export HINAS_CACHE="\${HINAS_CACHE:-$here/cache}"
exec "$here/node/bin/node" "$here/project/src/main/cli.ts" "$@"
`;

/** Writes the recipe of an image; the base needs a C library that is no older than that of the computer that packs. */
function renderRecipe(tar: string): string {
  return `Bootstrap: docker
From: debian:stable-slim

%files
    ${tar} /opt/${tar}

%post
    tar --extract --file /opt/${tar} --directory /opt
    rm /opt/${tar}

%runscript
    exec /opt/${PACK_FOLDER}/bin/hinas "$@"

%test
    /opt/${PACK_FOLDER}/bin/hinas --version
`;
}

/**
 * Packs Node, the program and the engine for nodes of this computer's kind into `file`, which ends in .tar, with a recipe beside it. Throws
 * LabError `bad_config` elsewhere than on Linux and for a program without its sources, `engine` where no engine is in place,
 * `not_found` where the folder is missing, and `disk`.
 */
export async function packForNodes(file: string): Promise<NodePack> {
  if (process.platform !== "linux") {
    throw new LabError("bad_config", `packing must be done on Linux, as nodes have it, got ${process.platform}`);
  }
  if (!file.endsWith(ENDING)) throw new LabError("bad_config", `the file must end in .tar, got ${file}`);
  if (!existsSync(dirname(file))) {
    throw new LabError("not_found", `the folder of ${file} must be there, got none`);
  }
  const recipe = `${file.slice(0, -ENDING.length)}.def`;
  const stage = await makeTemporaryFolder("pack");
  const unfinished = `${file}.part`;
  try {
    await stageParts(join(stage, PACK_FOLDER));
    const flags = ["--create", "--dereference", "--exclude=*.map", "--exclude=.bin", "--file", unfinished];
    const start = { command: "tar", args: [...flags, "--directory", stage, PACK_FOLDER], cwd: undefined };
    const { failure } = await runApart({ ...start, env: process.env, timeoutMs: PACK_MS }, null);
    if (failure !== null) throw new LabError("disk", `${file} must be written, got: ${failure}`);
    await rename(unfinished, file);
    await writeFile(recipe, renderRecipe(basename(file)));
    return { tar: file, recipe, bytes: (await stat(file)).size };
  } catch (cause) {
    throw cause instanceof LabError ? cause : toDiskError(`write ${file}`, cause);
  } finally {
    await rm(unfinished, { force: true });
    await rm(stage, { recursive: true, force: true });
  }
}

/** Lays out the tar's folder by links to where everything is. */
async function stageParts(folder: string): Promise<void> {
  const project = fileURLToPath(new URL("../../../..", import.meta.url));
  const lock = await readJsonFile(join(project, "package-lock.json"), packageLockSchema).catch((cause: unknown) => {
    const what = "the program must lie there with its sources and package-lock.json, as `git clone` makes it";
    throw new LabError("bad_config", `${project}: ${what}`, { cause });
  });
  const link = async (from: string, to: string): Promise<void> => {
    if (!existsSync(from)) return; // optional packages of other systems
    await mkdir(dirname(join(folder, to)), { recursive: true });
    await symlink(from, join(folder, to));
  };
  for (const part of PROJECT_PARTS) await link(join(project, part), join("project", part));
  for (const name of listNodePackages(lock)) {
    await link(join(project, "node_modules", name), join("project/node_modules", name));
  }
  await link(process.execPath, "node/bin/node");
  for (const engine of await listEngines()) await link(engine, join("cache/engine", basename(engine)));
  await mkdir(join(folder, "bin"));
  await writeFile(join(folder, "bin/hinas"), START_SCRIPT);
  await chmod(join(folder, "bin/hinas"), 0o755);
}

async function listEngines(): Promise<readonly string[]> {
  const engines: string[] = [];
  for (const variant of ["cpu", "cuda"] as const) {
    const engine = getEngineFolder(getCacheFolder(), variant);
    if ((await readEngineRecord(engine, variant)) !== null) engines.push(engine);
  }
  if (engines.length > 0) return engines;
  throw new LabError("engine", "TensorFlow must be in place here; `hinas doctor` installs it");
}
