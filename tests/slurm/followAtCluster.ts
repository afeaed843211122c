import type { Lab } from "#shared/api/lab.ts";
import type { RunSummary } from "#shared/api/runs.ts";

import { openLab } from "#tests/helpers/labHome.ts";
import { lookUntil } from "#tests/helpers/siteRuns.ts";
import { prepare, search } from "#tests/main/lab/runs/scriptedRuns.ts";
import { type Cluster, profileOf } from "./cluster.ts";

/** Each look is a login and two questions to Slurm. */
const PAUSE_MS = 500;

/** Opens a lab that knows the cluster by this name, whose runs keep to their script. */
export async function openAtCluster(cluster: Cluster, more = ""): Promise<{ lab: Lab; photos: string }> {
  const { home, photos } = await prepare();
  const { lab } = openLab(home);
  await lab.putSite({ name: "cluster", yaml: profileOf(cluster, "scripted", more) });
  return { lab, photos };
}

/** Asks the cluster until a run is as wanted. */
export function watchUntil(lab: Lab, id: string, isSo: (run: RunSummary) => boolean): Promise<RunSummary> {
  return lookUntil(lab, id, isSo, PAUSE_MS);
}

/** Starts a search that waits at its step 27, and returns once it is there. */
export async function startWaiting(lab: Lab, photos: string): Promise<RunSummary> {
  const { id } = await lab.startSearchAt("cluster", search(photos, "wait at 27"));
  return watchUntil(lab, id, ({ step, state }) => step === 27 && state === "running");
}

/** Names a run's job as Slurm does. */
export function jobOf({ place }: RunSummary): string {
  return place?.jobId ?? "";
}

/** Tells of each job that Slurm has for a run how often it was queued again. */
export async function countRequeues(cluster: Cluster, id: string): Promise<readonly number[]> {
  const jobs = await cluster.run("squeue", "--noheader", "--states=all", "--format=%i %j");
  const ids = jobs.split("\n").flatMap((line) => (line.includes(id) ? [line.split(" ")[0] ?? ""] : []));
  const told = await Promise.all(ids.map((job) => cluster.run("scontrol", "show", "job", job)));
  return told.map((text) => Number(/Restarts=(\d+)/.exec(text)?.[1]));
}
