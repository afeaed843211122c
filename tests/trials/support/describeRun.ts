import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";

import { decodeSafetensors } from "#main/compute/checkpoint/safetensors.ts";
import { getRunPaths, readStatus } from "#main/store/runs/runFolder.ts";
import type { Lab } from "#shared/api/lab.ts";
import type { RunSummary } from "#shared/api/runs.ts";

/** Lists all files below a folder, by their paths in it. */
export async function listTree(folder: string): Promise<readonly string[]> {
  if (!existsSync(folder)) return [];
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => !entry.isDirectory());
  return files.map((entry) => join(entry.parentPath, entry.name).slice(folder.length)).toSorted();
}

/** Describes what of a finished run must not depend on how often it was broken off: numbers, weights, index and files. */
export async function describeRun(lab: Lab, run: RunSummary) {
  const paths = getRunPaths(run.folder);
  const status = await readStatus(paths);
  const tree = await listTree(run.folder);
  const kept = (await lab.readRunEvents(run.id)).flatMap((event): readonly (readonly unknown[])[] => {
    if (event.type === "validation") return [[event.step, event.validation, event.isBest]];
    return event.type === "arch" ? [[event.step, event.epoch, event.arch]] : [];
  });
  return {
    last: await hashWeights(join(paths.checkpoints, "last.safetensors")),
    best: await hashWeights(join(paths.checkpoints, "best.safetensors")),
    events: createHash("sha256").update(JSON.stringify(kept)).digest("hex"),
    bestStep: run.best,
    indexAgrees: status.step === run.step && status.state === run.state && status.best?.step === run.best?.step,
    // A kill may come between a checkpoint and the picture that belongs to it, and a run that was taken up again has orders.
    tree: tree.filter((path) => !path.startsWith("/images/") && path !== "/control.json"),
    halves: tree.filter((path) => path.endsWith(".tmp")),
  };
}

async function hashWeights(file: string): Promise<string> {
  const { tensors, metadata } = decodeSafetensors(await readFile(file), file);
  const hash = createHash("sha256").update(String(metadata["step"]));
  for (const [name, tensor] of [...tensors].toSorted(([a], [b]) => (a < b ? -1 : 1))) {
    hash.update(name).update(JSON.stringify(tensor.shape)).update(Buffer.from(tensor.data.buffer));
  }
  return hash.digest("hex");
}
