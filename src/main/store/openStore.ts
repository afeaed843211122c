import { openDatabase } from "./openDatabase.ts";
import { createDatasetTable, type DatasetTable } from "./datasetTable.ts";
import { createEvaluationTable, type EvaluationTable } from "./evaluationTable.ts";
import { createGenotypeTable, type GenotypeTable } from "./genotypeTable.ts";
import { createRunTable, type RunTable } from "./runTable.ts";

/** The index over everything in the lab's home. */
export interface Store {
  readonly datasets: DatasetTable;
  readonly runs: RunTable;
  readonly genotypes: GenotypeTable;
  readonly evaluations: EvaluationTable;
  /** Makes all changes of `act` or none; other processes wait meanwhile. */
  inTransaction(act: () => void): void;
  close(): void;
}

/** Opens the index; the caller closes it. Throws LabError as `openDatabase` does. */
export function openStore(home: string): Store {
  const db = openDatabase(home);
  return {
    datasets: createDatasetTable(db),
    runs: createRunTable(db),
    genotypes: createGenotypeTable(db),
    evaluations: createEvaluationTable(db),
    inTransaction: (act) => db.transaction(act).immediate(),
    close: () => void db.close(),
  };
}
