import { join } from "node:path";

import { LRUCache } from "lru-cache";
import { decodeTime } from "ulid";

import { readJsonFile } from "#main/files/readJsonFile.ts";
import { getRunPaths } from "#main/store/runs/runFolder.ts";
import { getEvaluationStem } from "#main/store/runs/runProducts.ts";
import type { Store } from "#main/store/openStore.ts";
import type { EvaluationDetail, EvaluationSummary } from "#shared/api/evaluations.ts";
import { LabError } from "#shared/labError.ts";
import { type Evaluation, evaluationSchema } from "#shared/runs/evaluation.ts";

import { toCsv } from "./evaluationCsv.ts";
import { type EvaluationOwner, findOwnedBy, listOfModels, type OwnersContext, toOwner } from "./evaluationOwner.ts";
import { hasPictures } from "./evaluationPictures.ts";

/** A few hundred pictures each; more are read again from their files. */
const MAX_REMEMBERED = 500;

/** What evaluations are looked up with. */
export interface EvaluationListContext extends OwnersContext {
  readonly evaluations: ReturnType<typeof createEvaluationMemory>;
  readonly log: (line: string) => void;
  getStore(): Pick<Store, "evaluations" | "runs">;
}

/** Creates an empty memory of the figures of evaluations, which never change, by file. */
export function createEvaluationMemory() {
  return new LRUCache<string, Evaluation>({
    max: MAX_REMEMBERED,
    fetchMethod: (file) => readJsonFile(file, evaluationSchema),
    ignoreFetchAbort: true,
  });
}

/** An evaluation with whose network it measured. */
export interface FoundEvaluation {
  readonly id: string;
  readonly owner: EvaluationOwner;
  readonly evaluation: Evaluation;
  readonly evaluatedAt: string;
}

/** Reads the figures of an evaluation. Throws LabError `not_found` or `bad_data`. */
export async function findEvaluation(
  context: Omit<EvaluationListContext, "log">,
  id: string,
): Promise<FoundEvaluation> {
  const store = context.getStore();
  const row = store.evaluations.find(id);
  const run = row === null ? null : store.runs.find(row.runId);
  if (row !== null && run !== null) {
    const evaluation = await context.evaluations.forceFetch(join(run.folder, row.file));
    return { id, owner: toOwner(run), evaluation, evaluatedAt: row.evaluatedAt };
  }
  const model = row === null ? await findOwnedBy(context, id) : null;
  if (model === null) throw new LabError("not_found", `there is no evaluation ${id}; it may have been removed`);
  const evaluation = await context.evaluations.forceFetch(`${getEvaluationStem(getRunPaths(model.folder), id)}.json`);
  const owner = { ...model, name: evaluation.model.checkpoint, isRun: false };
  return { id, owner, evaluation, evaluatedAt: new Date(decodeTime(id)).toISOString() };
}

/** Lists evaluations, newest first, of one run or model, or of all; those whose files are gone are left out and told. */
export async function listEvaluations(
  context: EvaluationListContext,
  { runId }: { readonly runId: string | null },
): Promise<readonly EvaluationSummary[]> {
  const ofModels = await listOfModels(context);
  ofModels.problems.forEach(context.log);
  const rows = [...context.getStore().evaluations.list(), ...ofModels.rows].sort(
    (a, b) => b.evaluatedAt.localeCompare(a.evaluatedAt) || b.id.localeCompare(a.id),
  );
  const summaries: EvaluationSummary[] = [];
  for (const row of runId === null ? rows : rows.filter((each) => each.runId === runId)) {
    try {
      summaries.push(toSummary(await findEvaluation(context, row.id)));
    } catch (error) {
      if (!(error instanceof LabError)) throw error;
      context.log(error.message);
    }
  }
  return summaries;
}

/** Gives an evaluation with the figures of every picture. Throws LabError. */
export async function showEvaluation(context: EvaluationListContext, id: string): Promise<EvaluationDetail> {
  const found = await findEvaluation(context, id);
  return { ...toSummary(found), images: found.evaluation.images };
}

/** Writes the figures of every picture as CSV. Throws LabError. */
export async function exportEvaluation(context: EvaluationListContext, id: string): Promise<string> {
  return toCsv([(await findEvaluation(context, id)).evaluation]);
}

function toSummary({ id, owner, evaluation, evaluatedAt }: FoundEvaluation): EvaluationSummary {
  const { recipe, dataset, images, mean, spread, baselines, group, model, engine } = evaluation;
  const { parameters, multiplyAddsPerPixel, megapixelsPerSecond, peakResidentMb } = evaluation;
  return {
    id,
    runId: owner.id,
    runName: owner.name,
    genotypeHash: model.genotypeHash,
    recipe,
    dataset,
    photos: images.length,
    mean,
    spread,
    baselines,
    group,
    parameters,
    multiplyAddsPerPixel,
    megapixelsPerSecond,
    peakResidentMb,
    engine,
    evaluatedAt,
    hasPictures: hasPictures(owner.folder, id),
  };
}
