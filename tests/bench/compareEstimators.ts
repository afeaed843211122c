// Says how far estimators agree on which architecture is better, and what each costs:
//   node tests/bench/compareEstimators.ts RUN_FOLDER RUN_FOLDER...
// The runs are searches that scored the same architectures by different estimators: random search with the same seed and budget comes to the
// same ones. The first is the yardstick, e.g. the longest training.
import { readEvents } from "#main/store/runs/eventLog.ts";
import { getRunPaths, readManifest } from "#main/store/runs/runFolder.ts";
import { kendallTau } from "#shared/statistics/kendallTau.ts";
import { meanOf } from "#shared/statistics/summary.ts";

const runs = await Promise.all(
  process.argv.slice(2).map(async (folder) => {
    const paths = getRunPaths(folder);
    const manifest = await readManifest(paths);
    if (manifest.kind !== "search") throw new Error(`compareEstimators: ${folder} must be a search, got a training`);
    const candidates = readEvents(paths.events).flatMap((event) => (event.type === "candidate" ? [event] : []));
    return {
      name: `${manifest.config.search.estimator.kind} (${manifest.name})`,
      scores: new Map(candidates.map(({ genotypeHash, score }) => [genotypeHash, score])),
      seconds: meanOf(candidates.map(({ seconds = 0 }) => seconds)),
    };
  }),
);
const [yardstick] = runs;
if (yardstick === undefined) throw new Error("compareEstimators: needs the folders of runs");
process.stdout.write("estimator,architectures,Kendall's tau,seconds each\n");
for (const { name, scores, seconds } of runs) {
  const shared = [...scores].filter(([hash]) => yardstick.scores.has(hash));
  const own = shared.map(([, score]) => score);
  const tau = kendallTau(
    own,
    shared.map(([hash]) => yardstick.scores.get(hash) ?? NaN),
  );
  process.stdout.write(`${name},${shared.length},${tau === null ? "" : tau.toFixed(3)},${seconds.toPrecision(3)}\n`);
}
