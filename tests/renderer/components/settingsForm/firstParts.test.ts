import { expect, it } from "vitest";

import type { DatasetReport } from "#shared/api/datasets.ts";
import { firstData } from "#renderer/components/settingsForm/firstParts.ts";

function report(name: string, addedAt: string, noisyFolder: string | null = null): DatasetReport {
  const found = { skipped: [], unmatchedClean: [], unmatchedNoisy: [], unchanged: true, isMissing: false };
  const folders = { folder: `/photos/${name}`, noisyFolder };
  return { name, ...folders, photos: 9, fingerprint: "f00d", ...found, download: null, addedAt };
}

it("a new job begins with the set that is asked for and its pairs' noise, else with the newest of one's own", () => {
  const sets = [report("old", "2026-01-01T00:00:00.000Z", "/noisy"), report("new", "2026-02-01T00:00:00.000Z")];
  expect(firstData(sets, undefined, "space")).toEqual({ "data.dataset": "new" });
  expect(firstData(sets, "gone", "space")).toEqual({ "data.dataset": "new" });
  expect(firstData(sets, "new", "network")).toEqual({ "data.dataset": "new" });
  expect(firstData(sets, "old", "network")).toEqual({
    "data.dataset": "old",
    "noise.kind": "paired",
    "network.noiseMap": false,
  });
  expect(firstData(sets, "sample", "space")).toEqual({});
  expect(firstData([], undefined, "space")).toEqual({});
});
