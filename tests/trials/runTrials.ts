import { mkdir, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { parseArgs } from "node:util";

import { shareCompiledCode } from "./support/folders.ts";
import { TRIALS } from "./trials.ts";

const HELP = `npm run trials -- [--share 1] [--seed 1] [--worker real|scripted] [--json FILE] [TRIAL ...]
Trials: ${TRIALS.map(({ name }) => name).join(", ")}. A share of 0.1 does a tenth of the cases.`;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    share: { type: "string", default: "1" },
    seed: { type: "string", default: "1" },
    worker: { type: "string", default: "real" },
    json: { type: "string" },
    help: { type: "boolean", default: false },
  },
});

shareCompiledCode();
if (values.help) {
  process.stdout.write(`${HELP}\n`);
} else {
  const wanted = TRIALS.filter(({ name }) => positionals.length === 0 || positionals.includes(name));
  const results: Record<string, unknown> = {};
  for (const trial of wanted) {
    const cases = Math.max(1, Math.round(trial.fullCases * Number(values.share)));
    const startedAt = performance.now();
    const { counts, faults } = await trial.run({
      cases,
      seed: Number(values.seed),
      worker: values.worker === "scripted" ? "scripted" : "real",
      log: (line) => process.stderr.write(`${trial.name}: ${line}\n`),
    });
    const seconds = Math.round((performance.now() - startedAt) / 1000);
    results[trial.name] = { cases, seconds, counts, faults };
    process.stdout.write(`${trial.name}: ${cases} cases in ${seconds} s, ${faults.length} faults\n`);
    for (const [name, count] of Object.entries(counts)) process.stdout.write(`  ${name}: ${count}\n`);
    for (const fault of faults) process.stdout.write(`  FAULT ${fault}\n`);
    if (faults.length > 0) process.exitCode = 1;
  }
  if (values.json !== undefined) {
    await mkdir(dirname(values.json), { recursive: true });
    await writeFile(values.json, `${JSON.stringify(results, null, 2)}\n`);
  }
}
