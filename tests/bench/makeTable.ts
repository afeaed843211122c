// Makes a table of trained denoisers out of finished searches:
//   node tests/bench/makeTable.ts OUT.json NAME RUN_FOLDER...
// Each search is an ordinary run: `hinas search --config tests/bench/table.yaml` scores every architecture of a small space once and can be
// paused, stopped and resumed; more seeds are more runs with `--set search.estimator.seed=1` (and fewer candidates, if so wished: random
// search with the same seed comes to the same architectures in the same order).
import { writeFile } from "node:fs/promises";

import { buildLabTable, labTableToJson } from "#main/compute/search/tables/labTable.ts";
import { readEvents } from "#main/store/runs/eventLog.ts";
import { getRunPaths, readManifest } from "#main/store/runs/runFolder.ts";

const [out, name, ...folders] = process.argv.slice(2);
if (out === undefined || name === undefined || folders.length === 0) {
  throw new Error("makeTable: needs a file to write, a name, and the folders of its runs");
}
const runs = await Promise.all(
  folders.map(async (folder) => {
    const paths = getRunPaths(folder);
    const manifest = await readManifest(paths);
    if (manifest.kind !== "search") throw new Error(`makeTable: ${folder} must be a search, got a training`);
    const candidates = readEvents(paths.events).flatMap((event) => (event.type === "candidate" ? [event] : []));
    return { manifest, config: manifest.config, candidates };
  }),
);
const [first] = runs;
if (first === undefined) throw new Error("makeTable: there are no runs");
const { dataset } = first.manifest;
const licence = "CC0-1.0";
const command = "hinas search --config tests/bench/table.yaml, then node tests/bench/makeTable.ts";
const table = buildLabTable({ name, card: { dataset: dataset.name, photos: dataset.photos, licence, command } }, runs);
await writeFile(out, labTableToJson(table));
process.stdout.write(`${out}: ${table.rows.length} architectures, fidelities ${table.fidelities.join(", ")}\n`);
