import { existsSync } from "node:fs";
import { mkdir, readdir } from "node:fs/promises";
import { join } from "node:path";

import { ulid } from "ulid";

import { toDiskError } from "#main/files/diskError.ts";
import { readJsonFile } from "#main/files/readJsonFile.ts";
import { writeJson } from "#main/store/runs/runFolder.ts";
import { moveToTrash } from "#main/store/trash.ts";
import { type ProofSheet, proofSheetSchema, type ProofSheetWish } from "#shared/api/proofSheets.ts";
import { LabError } from "#shared/labError.ts";

import type { Changes } from "#main/lab/changes.ts";

/** Where ranked sheets are kept, one file each: a sheet belongs to several networks, and so to none of their folders. */
export interface ProofContext {
  readonly paths: { readonly proofSheets: string; readonly trash: string };
  readonly changes: Pick<Changes, "tell">;
  readonly log: (line: string) => void;
}

const FILE = /^proof-([0-9A-Z]+)\.json$/;

/** Keeps a ranked sheet. Throws LabError `disk` or `permission`. */
export async function keepProofSheet(context: ProofContext, wish: ProofSheetWish): Promise<ProofSheet> {
  const id = ulid();
  const sheet: ProofSheet = {
    schema: "hinas.proof-sheet",
    version: 1,
    id,
    rankedAt: new Date().toISOString(),
    ...wish,
    proofs: wish.proofs.toSorted((a, b) => a.rank - b.rank),
  };
  await mkdir(context.paths.proofSheets, { recursive: true }).catch((cause: unknown) => {
    throw toDiskError(`create ${context.paths.proofSheets}`, cause);
  });
  await writeJson(fileOf(context, id), sheet);
  context.changes.tell({ kind: "stale", topic: "evaluations" });
  return sheet;
}

/** Lists ranked sheets, newest first; a file that cannot be read is passed over with a line in the log. */
export async function listProofSheets(context: ProofContext): Promise<readonly ProofSheet[]> {
  const folder = context.paths.proofSheets;
  if (!existsSync(folder)) return [];
  const names = await readdir(folder).catch((cause: unknown) => {
    throw toDiskError(`read ${folder}`, cause);
  });
  const sheets: ProofSheet[] = [];
  for (const name of names
    .filter((each) => FILE.test(each))
    .toSorted()
    .toReversed()) {
    try {
      sheets.push(await readJsonFile(join(folder, name), proofSheetSchema));
    } catch (error) {
      if (!(error instanceof LabError)) throw error;
      context.log(error.message);
    }
  }
  return sheets;
}

/** Moves a sheet to the trash. Throws LabError `not_found`. */
export async function removeProofSheet(context: ProofContext, id: string): Promise<void> {
  const file = fileOf(context, id);
  if (!FILE.test(`proof-${id}.json`) || !existsSync(file)) {
    throw new LabError("not_found", `proof sheet: must be a kept one, got ${id}`);
  }
  await moveToTrash(context.paths.trash, file);
  context.changes.tell({ kind: "stale", topic: "evaluations" });
}

function fileOf({ paths }: ProofContext, id: string): string {
  return join(paths.proofSheets, `proof-${id}.json`);
}
