import { toDatabaseError } from "./databaseError.ts";
import { openDatabase } from "./openDatabase.ts";
import { type ArchitectureTable, createArchitectureTable } from "#main/store/tables/architectureTable.ts";
import { type CandidateTable, createCandidateTable } from "#main/store/tables/candidateTable.ts";
import { createDatasetTable, type DatasetTable } from "#main/store/tables/datasetTable.ts";
import { createEvaluationTable, type EvaluationTable } from "#main/store/tables/evaluationTable.ts";
import { createGenotypeTable, type GenotypeTable } from "#main/store/tables/genotypeTable.ts";
import { createNoiseProfileTable, type NoiseProfileTable } from "#main/store/tables/noiseProfileTable.ts";
import { createPreferenceTable, type PreferenceTable } from "#main/store/tables/preferenceTable.ts";
import { createRunTable, type RunTable } from "#main/store/tables/runTable.ts";
import { createStudyTable, type StudyTable } from "#main/store/tables/studyTable.ts";

/** The index over everything in the lab's home. */
export interface Store {
  readonly datasets: DatasetTable;
  readonly runs: RunTable;
  readonly candidates: CandidateTable;
  readonly studies: StudyTable;
  readonly genotypes: GenotypeTable;
  readonly evaluations: EvaluationTable;
  readonly architectures: ArchitectureTable;
  readonly noiseProfiles: NoiseProfileTable;
  readonly preferences: PreferenceTable;
  /** Makes all changes of `act` or none; other processes wait meanwhile. */
  inTransaction(act: () => void): void;
  close(): void;
}

/** Opens the index; the caller closes it. Throws LabError as `openDatabase` does. */
export function openStore(home: string): Store {
  const db = openDatabase(home);
  return {
    datasets: withLabErrors(createDatasetTable(db), db.name),
    runs: withLabErrors(createRunTable(db), db.name),
    studies: withLabErrors(createStudyTable(db), db.name),
    candidates: withLabErrors(createCandidateTable(db), db.name),
    genotypes: withLabErrors(createGenotypeTable(db), db.name),
    evaluations: withLabErrors(createEvaluationTable(db), db.name),
    architectures: withLabErrors(createArchitectureTable(db), db.name),
    noiseProfiles: withLabErrors(createNoiseProfileTable(db), db.name),
    preferences: withLabErrors(createPreferenceTable(db), db.name),
    inTransaction: (act) => attempt(db.name, () => db.transaction(act).immediate()),
    close: () => void db.close(),
  };
}

/** Lets a table's methods throw LabErrors in place of SQLite's errors. */
function withLabErrors<T extends object>(table: T, file: string): T {
  return new Proxy(table, {
    get: (target, name) => {
      const method: unknown = Reflect.get(target, name);
      if (typeof method !== "function") return method;
      return (...args: unknown[]): unknown => attempt(file, () => Reflect.apply(method, target, args) as unknown);
    },
  });
}

function attempt<T>(file: string, act: () => T): T {
  try {
    return act();
  } catch (cause) {
    throw toDatabaseError(file, cause);
  }
}
