import type { DatasetReport } from "#shared/api/datasets.ts";
import { texts } from "#renderer/texts/texts.ts";

/** Lists the built-in set and the registered data sets whose folders are there, for a box to choose from. */
export function listDatasetOptions(
  datasets: readonly DatasetReport[],
): readonly { readonly value: string; readonly label: string; readonly note?: string }[] {
  const own = datasets.filter(({ isMissing }) => !isMissing);
  return [
    { value: "sample", label: texts.search.sampleSet },
    ...own.map(({ name, photos }) => ({ value: name, label: name, note: texts.datasets.photos(photos) })),
  ];
}
