import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { z } from "zod";

import type { StudyRow, StudyTable } from "#main/store/tables/studyTable.ts";

import { getStudyFolder, getStudyPaths, STUDY_FOLDER } from "./studyFolder.ts";

/** All that the index keeps; a folder that other parts of its plan make useless is still listed. */
const rowSchema = z.object({ id: z.string(), name: z.string(), createdAt: z.iso.datetime() });

/** Reads what the index keeps of each study folder; those that cannot be read are told of. */
export function listStudies(studiesFolder: string): {
  readonly rows: readonly StudyRow[];
  readonly problems: readonly string[];
} {
  const rows: StudyRow[] = [];
  const problems: string[] = [];
  for (const name of existsSync(studiesFolder) ? readdirSync(studiesFolder).toSorted() : []) {
    if (!STUDY_FOLDER.test(name)) continue;
    const { plan } = getStudyPaths(join(studiesFolder, name));
    try {
      rows.push(rowSchema.parse(JSON.parse(readFileSync(plan, "utf8"))));
    } catch (error) {
      problems.push(`read ${plan}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  return { rows, problems };
}

/** Brings studies into the index, and takes those out whose folder is gone. */
export function putStudies(table: StudyTable, studiesFolder: string, rows: readonly StudyRow[]): void {
  const known = new Map(table.list().map((row) => [row.id, row]));
  for (const row of rows) if (known.get(row.id)?.name !== row.name) table.put(row);
  for (const id of known.keys()) if (!existsSync(getStudyFolder(studiesFolder, id))) table.remove(id);
}
