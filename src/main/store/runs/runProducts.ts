import { readdir, readFile, stat } from "node:fs/promises";
import { basename, join } from "node:path";

import { decodeTime } from "ulid";
import { z } from "zod";

import { getErrorCode, toDiskError } from "#main/files/diskError.ts";
import { readJsonFile } from "#main/files/readJsonFile.ts";
import type { Candidate } from "#shared/api/runs.ts";
import { type Evaluation, evaluationSchema } from "#shared/runs/evaluation.ts";
import type { EventOf, RunEvent } from "#shared/runs/runEvent.ts";
import { type AnyGenotype, genotypeHash, parseAnyGenotype } from "#shared/space/spaces/spaces.ts";

import type { EvaluationRow } from "#main/store/tables/evaluationTable.ts";
import type { GenotypeRow } from "#main/store/tables/genotypeTable.ts";
import { readEvents } from "./eventLog.ts";
import type { RunPaths } from "./runFolder.ts";

/** The name of the figures of an evaluation, with its id. */
export const EVALUATION_FILE = /^evaluation-([0-9A-Z]{26})\.json$/;

/** The name of a genotype's file, with its epoch. */
export const GENOTYPE_FILE = /^epoch-(\d+)\.json$/;

interface Found<T> {
  readonly rows: readonly T[];
  readonly problems: readonly string[];
}

/** Names the file of a derived genotype without its ending; epochs sort as text. */
export function getGenotypeStem(paths: RunPaths, epoch: number): string {
  return join(paths.genotypes, `epoch-${String(epoch).padStart(4, "0")}`);
}

/** Names the file of an evaluation without its ending; `id` is a ULID. */
export function getEvaluationStem(paths: RunPaths, id: string): string {
  return join(paths.evaluations, `evaluation-${id}`);
}

/** Makes the row that indexes an evaluation in its run's folder. */
export function toEvaluationRow(id: string, runId: string, evaluation: Evaluation): EvaluationRow {
  return {
    id,
    runId,
    recipe: evaluation.recipe.name,
    dataset: evaluation.dataset,
    psnrDb: evaluation.mean.denoised.psnrDb,
    ssim: evaluation.mean.denoised.ssim,
    file: `evaluations/evaluation-${id}.json`,
    evaluatedAt: new Date(decodeTime(id)).toISOString(),
  };
}

/** A genotype that was derived from a run, with the row that indexes it. */
export interface DerivedGenotype {
  readonly row: GenotypeRow;
  readonly genotype: AnyGenotype;
}

/** Finds the genotypes that were derived from a run. */
export function listGenotypes(paths: RunPaths, runId: string): Promise<Found<DerivedGenotype>> {
  return collect(paths.genotypes, GENOTYPE_FILE, async (file, epoch) =>
    toDerived(runId, Number(epoch), file, await readJsonFile(file, z.unknown()), (await stat(file)).mtime),
  );
}

/** Makes of a genotype's file what the index knows of it. Throws LabError `bad_genotype`. */
export function toDerived(
  runId: string,
  epoch: number,
  file: string,
  content: unknown,
  writtenAt: Date,
): DerivedGenotype {
  const genotype = parseAnyGenotype(content, file);
  const hash = genotypeHash(genotype);
  const derivedAt = writtenAt.toISOString();
  return { row: { runId, epoch, hash, file: `genotypes/${basename(file)}`, derivedAt }, genotype };
}

/** Finds the evaluations of a run's network. */
export function listEvaluations(paths: RunPaths, runId: string): Promise<Found<EvaluationRow>> {
  return collect(paths.evaluations, EVALUATION_FILE, async (file, id) =>
    toEvaluationRow(id, runId, await readJsonFile(file, evaluationSchema)),
  );
}

/** Finds the candidates that a run tried, without those that a restart made void. */
export async function listCandidates({ events }: RunPaths): Promise<Found<Candidate>> {
  try {
    const bytes = await readFile(events).catch((cause: unknown) => {
      throw toDiskError(`read ${events}`, cause);
    });
    // Most runs have none, and a long one's events take seconds to parse.
    return { rows: bytes.includes('"type":"candidate"') ? pickCandidates(readEvents(events)) : [], problems: [] };
  } catch (error) {
    return { rows: [], problems: [describe(error)] };
  }
}

/** Takes the candidates out of a run's events, without their genotypes, which stay in the run folder. */
export function pickCandidates(events: readonly RunEvent[]): Candidate[] {
  return events.flatMap((event) => (event.type === "candidate" ? [toCandidate(event)] : []));
}

function toCandidate(event: EventOf<"candidate">): Candidate {
  const { step, genotypeHash: hash, score, parameters, multiplyAddsPerPixel, fidelity, strategy } = event;
  const { origin, psnrDb, memoryBytesPerPixel } = event;
  const known = {
    ...(origin === undefined ? {} : { origin }),
    ...(psnrDb === undefined ? {} : { psnrDb }),
    ...(memoryBytesPerPixel === undefined ? {} : { memoryBytesPerPixel }),
  };
  return { step, genotypeHash: hash, score, parameters, multiplyAddsPerPixel, fidelity, strategy, ...known };
}

async function collect<T>(
  folder: string,
  pattern: RegExp,
  read: (file: string, id: string) => Promise<T>,
): Promise<Found<T>> {
  const rows: T[] = [];
  const problems: string[] = [];
  const names = await readdir(folder).catch((cause: unknown) => {
    // What copies a home may leave out folders that are empty.
    if (getErrorCode(cause) !== "ENOENT") problems.push(describe(cause));
    return [];
  });
  for (const name of names.toSorted()) {
    const id = pattern.exec(name)?.[1];
    if (id === undefined) continue;
    try {
      rows.push(await read(join(folder, name), id));
    } catch (error) {
      problems.push(describe(error));
    }
  }
  return { rows, problems };
}

function describe(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
