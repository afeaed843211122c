import { readFile, writeFile } from "node:fs/promises";
import { connect, createServer } from "node:net";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

import { createLab } from "#main/lab/lab.ts";
import type { Lab } from "#shared/api/lab.ts";
import { trainConfigSchema } from "#shared/runs/config.ts";

import { makeFolder, writePhotos } from "#tests/helpers/labHome.ts";
import { TINY_GENOTYPE } from "#tests/helpers/tinyGenotype.ts";
import { type Cluster, profileOf, startCluster } from "#tests/slurm/cluster.ts";

/**
 * Measures what a run costs beyond its steps at a real Slurm of one node on this computer: how long it takes to get there, to tell of
 * itself and to come home, and how many bytes go over the line. Needs root and Debian's slurm-wlm, munge, openssh-server and rsync.
 */
const cleanUps: (() => Promise<void>)[] = [];
const later = (cleanUp: () => Promise<void>): void => void cleanUps.push(cleanUp);
process.env["HINAS_SLURM"] = "required";
const { cluster } = await startCluster();
later(cluster.stop);

/** Puts a counter into the line to the cluster; what it counts is encrypted and compressed, as on any line. */
async function countBytes({ root }: Cluster): Promise<() => number> {
  let bytes = 0;
  const config = join(root, "ssh_config");
  const text = await readFile(config, "utf8");
  const port = Number(/Port (\d+)/.exec(text)?.[1]);
  const server = createServer((from) => {
    const to = connect(port, "127.0.0.1");
    for (const [source, target] of [
      [from, to],
      [to, from],
    ] as const) {
      source.on("data", (chunk) => (bytes += chunk.length));
      source.pipe(target);
      source.on("error", () => target.destroy());
    }
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  later(async () => void server.close());
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("the counter must have a port");
  const known = join(root, "known_hosts");
  const hostKey = (await readFile(known, "utf8")).replace(String(port), String(address.port));
  await writeFile(known, hostKey);
  await writeFile(config, text.replace(`Port ${port}`, `Port ${address.port}`));
  await cluster.hangUp();
  return () => bytes;
}

const config = (dataset: string) =>
  trainConfigSchema.parse({
    data: { dataset },
    network: { filters: 2 },
    training: { steps: 200, batchSize: 2, patchSize: 16, validateEverySteps: 100 },
  });

interface Passage {
  readonly label: string;
  readonly seconds: number;
  readonly bytes: number;
  /** How often the site was asked meanwhile. */
  readonly looks: number;
}

async function measureRun(lab: Lab, photos: string, count: () => number): Promise<readonly Passage[]> {
  let [time, bytes, looks] = [performance.now(), count(), 0];
  const passages: Passage[] = [];
  const pass = (label: string): void => {
    passages.push({ label, seconds: (performance.now() - time) / 1000, bytes: count() - bytes, looks });
    [time, bytes, looks] = [performance.now(), count(), 0];
  };
  const look = async (): Promise<void> => {
    await sleep(1000);
    await lab.fetchRuns();
    looks += 1;
  };
  const { id } = await lab.startTrainingAt("cluster", config(photos), TINY_GENOTYPE);
  while ((await lab.showRun(id)).place?.jobId === null) await lab.fetchRuns();
  pass("brought there and submitted");
  while ((await lab.readRunEvents(id)).every(({ type }) => type === "state" || type === "log")) await look();
  pass("until its first event is here");
  while ((await lab.showRun(id)).place?.isOver === false) await look();
  pass("until it is home");
  const events = await lab.readRunEvents(id);
  const steps = events.flatMap((event) => (event.type === "step" ? [Date.parse(event.time)] : []));
  const job = await cluster.run("scontrol", "show", "job", (await lab.showRun(id)).place?.jobId ?? "");
  const dateOf = (name: string): number => Date.parse(new RegExp(`${name}=(\\S+)`).exec(job)?.[1] ?? "");
  const jobSeconds = (dateOf("EndTime") - dateOf("StartTime")) / 1000;
  const stepSeconds = (Math.max(...steps) - Math.min(...steps)) / 1000;
  return [...passages, { label: "of the job beside its steps", seconds: jobSeconds - stepSeconds, bytes: 0, looks: 0 }];
}

try {
  const count = await countBytes(cluster);
  const lab = createLab({ home: await makeFolder(later), log: () => undefined });
  later(() => lab.close());
  await lab.putSite({ name: "cluster", yaml: profileOf(cluster, "tensorflow") });
  const photos = await writePhotos(await makeFolder(later), 20, 64);
  for (const which of ["first run with these photos", "second run with these photos"]) {
    process.stdout.write(`${which}\n`);
    for (const { label, seconds, bytes, looks } of await measureRun(lab, photos, count)) {
      const columns = [
        label.padEnd(32),
        `${seconds.toFixed(1).padStart(6)} s`,
        `${(bytes / 1000).toFixed(1).padStart(8)} kB`,
      ];
      process.stdout.write(`  ${columns.join(" ")} ${String(looks).padStart(4)} looks\n`);
    }
  }
  const [before, begin] = [count(), performance.now()];
  await lab.checkSite("cluster");
  process.stdout.write(
    `check of the site ${((performance.now() - begin) / 1000).toFixed(1)} s, ${((count() - before) / 1000).toFixed(1)} kB\n`,
  );
} finally {
  for (const cleanUp of cleanUps.reverse()) await cleanUp();
}
