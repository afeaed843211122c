import { afterAll, describe, expect, it, onTestFinished, vi } from "vitest";

import { createLab } from "#main/lab/lab.ts";
import type { Lab } from "#shared/api/lab.ts";

import { makeFolder, writePhotos } from "#tests/helpers/labHome.ts";
import { profileOf, startCluster } from "./cluster.ts";
import { countRequeues } from "./followAtCluster.ts";

const { cluster, skipped } = await startCluster();
const PATIENCE_MS = 600_000;
vi.setConfig({ testTimeout: PATIENCE_MS });
afterAll(() => cluster.stop());

const MOST_JOBS = 3;
const studyOf = (photos: string) => `
name: two ways
seeds: 3
base:
  data: { dataset: ${photos}, validationShare: 0.25 }
  space: { layers: 2, nodes: 1, filters: 2, widthFactors: [1, 2], primitives: [conv_3x3, skip_connect, none] }
  search: { epochs: 5, warmupEpochs: 1, batchSize: 1, patchSize: 16, checkpointEverySteps: 3 }
axes:
  strategy:
    gradient: {}
    random:
      search: { strategy: { kind: random, candidates: 4 }, estimator: { kind: short_training, steps: 10, filters: 2 } }
`;

async function openRealLab(): Promise<Lab> {
  const lab = createLab({ home: await makeFolder(), log: () => undefined });
  onTestFinished(() => lab.close());
  return lab;
}

/** What must not depend on where a study is done, by cell: what was found, and every score on the way. */
async function readOutcome(lab: Lab, study: string): Promise<Readonly<Record<string, unknown>>> {
  const outcomes: Record<string, unknown> = {};
  for (const { key, genotypeHash, searchId } of (await lab.showStudy(study)).cells) {
    const scores = (await lab.readRunEvents(searchId ?? "")).flatMap((event) => {
      if (event.type === "validation") return [[event.step, event.validation, event.isBest]];
      return event.type === "candidate" ? [[event.step, event.score]] : [];
    });
    outcomes[key] = { genotypeHash, scores };
  }
  return outcomes;
}

describe.skipIf(skipped !== "")(`a study at a real Slurm${skipped}`, () => {
  it("finds what the same study finds here, never with more jobs than it may, though jobs are preempted", async () => {
    const photos = await writePhotos(await makeFolder(), 8, 32);
    const lab = await openRealLab();
    await lab.putSite({ name: "cluster", yaml: profileOf(cluster, "tensorflow") });
    const text = { yaml: studyOf(photos), place: "study.yaml", withControl: false };
    const { id } = await lab.startStudy({ ...text, places: [{ site: "cluster", jobs: MOST_JOBS }] });
    const preempted = new Set<string>();
    const counted: number[] = [];
    const look = async (): Promise<boolean> => {
      await lab.fetchRuns();
      const jobs = await cluster.run("squeue", "--noheader", "--format=%i %T");
      // One that is completing has given its place away.
      const lines = jobs.split("\n").filter((line) => / (PENDING|RUNNING)$/.test(line));
      counted.push(lines.length);
      const running = lines.flatMap((line) => (line.endsWith(" RUNNING") ? [line.split(" ")[0] ?? ""] : []));
      const next = running.find((job) => !preempted.has(job));
      if (next !== undefined && preempted.size < 2) {
        preempted.add(next);
        // One that has just ended cannot be preempted any more; another one is.
        await cluster.run("scontrol", "requeue", next).catch(() => preempted.delete(next));
      }
      return (await lab.showStudy(id)).state !== "running";
    };
    await expect.poll(look, { timeout: PATIENCE_MS, interval: 1000 }).toBe(true);
    expect(await lab.showStudy(id)).toMatchObject({ state: "finished", counts: { finished: 6 } });
    expect(Math.max(...counted)).toBeLessThanOrEqual(MOST_JOBS);
    const requeues: number[] = [];
    for (const { id: run } of await lab.listRuns()) requeues.push(...(await countRequeues(cluster, run)));
    expect(requeues.toSorted()).toEqual([0, 0, 0, 0, 1, 1]);
    const { arms, nodeHours } = await lab.showStudyResults(id);
    expect(arms.map(({ seeds }) => seeds)).toEqual([3, 3]);
    expect(nodeHours).toEqual([{ site: "cluster", nodeHours: expect.any(Number) }]);

    const here = await openRealLab();
    const { id: same } = await here.startStudy(text);
    expect(await here.waitForStudy(same)).toMatchObject({ state: "finished", counts: { finished: 6 } });
    expect(await readOutcome(lab, id)).toEqual(await readOutcome(here, same));
  });
});
