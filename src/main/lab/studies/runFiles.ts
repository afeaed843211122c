import { readFile } from "node:fs/promises";

import { z } from "zod";

import { getErrorCode, toDiskError } from "#main/files/diskError.ts";
import type { LabContext } from "#main/lab/labContext.ts";
import { getRunPaths, readManifest } from "#main/store/runs/runFolder.ts";
import type { StudyEnvironment } from "#shared/studies/checklist.ts";

import type { FoundStudy } from "./foundStudy.ts";

const machineSchema = z.looseObject({ processor: z.string(), cores: z.number(), memoryMb: z.number() });

/** Reads where each run was computed and which photos it saw; runs that are gone tell nothing. Throws LabError. */
export async function readRunFiles(
  lab: LabContext,
  { plan, status }: FoundStudy,
): Promise<{
  readonly files: readonly { readonly path: string; readonly content: string }[];
  readonly environment: StudyEnvironment;
}> {
  const ids = new Set(
    plan.cells.flatMap(({ key }) => {
      const progress = status.cells[key];
      return [progress?.searchId, progress?.trainingId].flatMap((id) => id ?? []); // absent until its turn
    }),
  );
  const files: { readonly path: string; readonly content: string }[] = [];
  const [machines, engines, datasets] = [new Set<string>(), new Set<string>(), new Set<string>()];
  for (const run of await lab.listRuns()) {
    if (!ids.has(run.id)) continue;
    const paths = getRunPaths(run.folder);
    const { dataset } = await readManifest(paths);
    datasets.add(`${dataset.name}, ${dataset.photos} photos, ${dataset.fingerprint}`);
    if (run.engine !== null) engines.add(run.engine);
    const environment = await readOptional(paths.environment);
    if (environment === null) continue;
    files.push({ path: `environment/${run.id}.json`, content: environment });
    const machine = describeMachine(environment);
    if (machine !== null) machines.add(machine);
  }
  return { files, environment: { machines: [...machines], engines: [...engines], datasets: [...datasets] } };
}

function describeMachine(environment: string): string | null {
  const told = machineSchema.safeParse(JSON.parse(environment));
  if (!told.success) return null;
  const { processor, cores, memoryMb } = told.data;
  return `${processor}, ${cores} cores, ${memoryMb} MB`;
}

async function readOptional(file: string): Promise<string | null> {
  return readFile(file, "utf8").catch((cause: unknown) => {
    if (getErrorCode(cause) === "ENOENT") return null;
    throw toDiskError(`read ${file}`, cause);
  });
}
