import type { LocalExecutor } from "#main/lab/executors/localExecutor.ts";
import type { WorkFolder } from "#main/lab/tasks/workFolder.ts";
import type { Store } from "#main/store/openStore.ts";
import type { LabChange } from "#shared/api/lab.ts";

import type { RunNews } from "./jobContext.ts";

/** What every use case of runs needs of the lab. */
export interface RunsContext {
  readonly paths: { readonly runs: string; readonly trash: string; readonly latencies: string };
  readonly log: (line: string) => void;
  /** The runs of this computer. */
  readonly here: LocalExecutor;
  /** Where photos lie on their way to the compute process, or to a site. */
  readonly work: Pick<WorkFolder, "newFile">;
  readonly runNews: RunNews;
  readonly changes: {
    tell(change: LabChange): void;
    listen(listener: (change: LabChange) => void): () => void;
  };
  getStore(): Pick<Store, "runs" | "candidates" | "datasets" | "inTransaction">;
}
