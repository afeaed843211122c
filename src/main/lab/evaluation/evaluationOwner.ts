import { existsSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { join } from "node:path";

import { toDiskError } from "#main/files/diskError.ts";
import { getRunPaths } from "#main/store/runs/runFolder.ts";
import { getEvaluationStem, listEvaluations } from "#main/store/runs/runProducts.ts";
import type { EvaluationRow } from "#main/store/tables/evaluationTable.ts";
import type { RunSummary } from "#shared/api/runs.ts";

import type { FoundModel } from "#main/lab/models/models.ts";

/** Whose network an evaluation measured: a training run's, or a model with a card; it keeps its figures in its folder. */
export interface EvaluationOwner {
  /** The run, or the first 8 digits of the model's hash. */
  readonly id: string;
  readonly name: string;
  readonly folder: string;
  readonly isRun: boolean;
}

/** Where models with cards keep their evaluations: those in the box lie where nothing is written. */
export interface OwnersContext {
  readonly paths: { readonly evaluations: string };
}

/** Tells whose figures those of a model are; null for a file from elsewhere, which belongs to nobody. */
export function ownerOf({ paths }: OwnersContext, { run, kept }: FoundModel): EvaluationOwner | null {
  if (run !== null) return toOwner(run);
  if (kept === null) return null;
  const id = kept.card.hash.slice(0, 8);
  return { id, name: kept.card.name, folder: join(paths.evaluations, id), isRun: false };
}

/** A run as the owner of its evaluations. */
export function toOwner({ id, folder, ...run }: { id: string; folder: string } & Partial<RunSummary>): EvaluationOwner {
  return { id, name: run.name ?? "", folder, isRun: true };
}

/** Finds an evaluation of a model with a card; null where there is none. */
export async function findOwnedBy(
  context: OwnersContext,
  evaluation: string,
): Promise<Pick<EvaluationOwner, "id" | "folder"> | null> {
  const all = await listModelFolders(context);
  return all.find(({ folder }) => existsSync(`${getEvaluationStem(getRunPaths(folder), evaluation)}.json`)) ?? null;
}

/** Lists the evaluations of models with cards; what cannot be read is told. */
export async function listOfModels(context: OwnersContext): ReturnType<typeof listEvaluations> {
  const found = await Promise.all(
    (await listModelFolders(context)).map(({ id, folder }) => listEvaluations(getRunPaths(folder), id)),
  );
  const rows: EvaluationRow[] = found.flatMap((each) => [...each.rows]);
  return { rows, problems: found.flatMap(({ problems }) => problems) };
}

async function listModelFolders({ paths }: OwnersContext): Promise<readonly Pick<EvaluationOwner, "id" | "folder">[]> {
  if (!existsSync(paths.evaluations)) return [];
  const names = await readdir(paths.evaluations).catch((cause: unknown) => {
    throw toDiskError(`read ${paths.evaluations}`, cause);
  });
  return names.map((id) => ({ id, folder: join(paths.evaluations, id) }));
}
