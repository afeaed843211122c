import type { LabContext } from "#main/lab/labContext.ts";
import type { Lab } from "#shared/api/lab.ts";

import { fetchDataset, listPublicSets, startFetch } from "./fetchDataset.ts";

/** Answers what is asked of public data sets. */
export function answerPublicSets(context: LabContext) {
  return {
    listPublicSets: async () => listPublicSets(context),
    fetchDataset: (wish, report = () => undefined) =>
      fetchDataset(context, wish, { signal: new AbortController().signal, report }),
    startFetch: async (wish) => startFetch(context, wish),
  } satisfies Partial<Lab>;
}
