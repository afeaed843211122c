// Looks up in a table of trained denoisers what searches of its space came to:
//   node tests/bench/placeInTable.ts TABLE.json RUN_FOLDER...
// Prints, for each run, how long it took, the PSNR that the table has of its last architecture, and the place among all.
import { LabError } from "#shared/labError.ts";
import { asCells } from "#shared/space/spaces/spaces.ts";

import { readLabTable } from "#main/compute/search/tables/labTable.ts";
import { readEvents } from "#main/store/runs/eventLog.ts";
import { getRunPaths, readManifest } from "#main/store/runs/runFolder.ts";

const [file, ...folders] = process.argv.slice(2);
if (file === undefined || folders.length === 0) {
  throw new Error("placeInTable: needs a table and the folders of runs");
}
const table = await readLabTable(file);
process.stdout.write("run,seed,seconds,PSNR in dB,place\n");
for (const folder of folders) {
  const paths = getRunPaths(folder);
  const { config } = await readManifest(paths);
  const events = readEvents(paths.events);
  const found = events.findLast((event) => event.type === "candidate");
  const genotype = found === undefined ? null : asCells(found.genotype);
  if (genotype === null) throw new LabError("bad_data", `run ${folder} must have an architecture of cells, got none`);
  const score = table.scoreOf(genotype);
  const place = 1 + table.scores.filter((other) => other > score).length;
  const times = events.map(({ time }) => Date.parse(time));
  const seconds = (Math.max(...times) - Math.min(...times)) / 1000;
  process.stdout.write(`${config.name},${config.seed},${seconds.toFixed(0)},${score.toFixed(3)},${place}\n`);
}
