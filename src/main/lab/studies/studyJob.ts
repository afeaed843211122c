import { existsSync } from "node:fs";
import { join } from "node:path";

import type { LabContext } from "#main/lab/labContext.ts";
import { controlRun } from "#main/lab/runs/runs.ts";
import { readOpenHandover } from "#main/store/runs/handover.ts";
import { writeJson } from "#main/store/runs/runFolder.ts";
import { openOwnership } from "#main/store/runs/ownership.ts";
import { readStudyControl, type StudyPaths, type StudyStatus } from "#main/store/studies/studyFolder.ts";
import { type CellProgress, NOT_BEGUN, type StudyCell, type StudyPlan } from "#shared/studies/study.ts";

import { CellStopped, Paused, workOnCell } from "./cellWork.ts";
import { pickCell, SETTLED } from "./pickCell.ts";
import type { StudyJob } from "./studyJobs.ts";

/** How quickly an order from another process is heard. */
const CONTROL_POLL_MS = 500;
/** How often status.json says that the owner lives. */
const HEARTBEAT_MS = 5_000;

/** A study that this process owns. */
interface OwnedStudy {
  readonly paths: StudyPaths;
  readonly plan: StudyPlan;
  readonly status: StudyStatus;
}

/** Starts the work on a study that this process owns, which ends with its report, and returns at once; it leaves `lab.studyJobs` when it ends. */
export function startStudyJob(lab: LabContext, study: OwnedStudy, writeReport: () => Promise<void>): StudyJob {
  const job = new RunningStudy(lab, study, writeReport);
  const done = job.run().finally(() => lab.studyJobs.delete(study.plan.id));
  const running: StudyJob = { done, pause: job.pause };
  lab.studyJobs.set(study.plan.id, running);
  return running;
}

class RunningStudy {
  readonly #lab: LabContext;
  readonly #paths: StudyPaths;
  readonly #plan: StudyPlan;
  readonly #writeReport: () => Promise<void>;
  readonly #ownership: ReturnType<typeof openOwnership>;
  readonly #pausing: Promise<never>;
  #beginPause: () => void = () => undefined;
  #status: StudyStatus;
  #pauseReason: string | null = null;
  /** Cells that somebody is at work on, and what runs here for them. */
  readonly #taken = new Set<string>();
  readonly #children = new Set<string>();
  #hasChanged: Promise<void>;
  #tellChange: () => void = () => undefined;
  /** Statuses are written one after the other. */
  #writing: Promise<void> = Promise.resolve();

  constructor(lab: LabContext, { paths, plan, status }: OwnedStudy, writeReport: () => Promise<void>) {
    this.#lab = lab;
    this.#writeReport = writeReport;
    this.#paths = paths;
    this.#plan = plan;
    this.#status = status;
    this.#ownership = openOwnership(paths, status);
    this.#pausing = new Promise<never>((_, reject) => (this.#beginPause = () => reject(new Paused())));
    // Most studies are never paused, and then nobody waits for it.
    this.#pausing.catch(() => undefined);
    this.#hasChanged = new Promise((resolve) => (this.#tellChange = resolve));
  }

  readonly pause = (reason: string): void => {
    if (this.#pauseReason !== null) return;
    this.#pauseReason = reason;
    this.#beginPause();
    this.#noteChange();
    for (const child of this.#children) {
      controlRun(this.#lab, child, "stop").catch((error: unknown) => this.#log(error));
    }
  };

  async run(): Promise<void> {
    const heartbeat = setInterval(() => void this.#save({}).catch(this.#giveUp), HEARTBEAT_MS);
    const control = setInterval(() => void this.#hearOrders().catch(this.#giveUp), CONTROL_POLL_MS);
    try {
      await this.#save({});
      const hands = this.#status.places.flatMap(({ site, jobs }) => {
        // This computer does as many runs at once as its settings say.
        const length = site === null ? this.#lab.getRunsAtOnce() : jobs;
        return Array.from({ length }, () => site);
      });
      if (hands.some((site) => site !== null)) this.#lab.siteWatch.watch();
      // One that gives up tells the others, which are waited for.
      await Promise.all(hands.map((site) => this.#workAt(site).catch(this.#giveUp)));
    } catch (error) {
      this.#giveUp(error);
    } finally {
      clearInterval(heartbeat);
      clearInterval(control);
    }
    // A pause that came after the last cell has nothing to hold up.
    const isOver = this.#plan.cells.every(({ key }) => SETTLED.has(this.#getProgress(key).state));
    if (isOver) await this.#writeReport().catch((error: unknown) => this.#log(error));
    const end = isOver
      ? { state: "finished" as const, reason: null }
      : { state: "paused" as const, reason: this.#pauseReason };
    await this.#save(end).catch((error: unknown) => this.#log(error));
    this.#lab.changes.tell({ kind: "stale", topic: "studies" });
  }

  /** Seed by seed, so that all arms can soon be compared; a control comes after the cell whose cost it has. */
  #inOrder(): readonly StudyCell[] {
    const { cells, seeds } = this.#plan;
    return cells.toSorted((a, b) => seeds.indexOf(a.seed) - seeds.indexOf(b.seed));
  }

  /** Takes cell after cell to its end at one place. */
  async #workAt(site: string | null): Promise<void> {
    const cells = this.#inOrder();
    const sites = new Set(this.#status.places.flatMap((place) => place.site ?? [])); // this computer is no site
    while (this.#pauseReason === null) {
      const changed = this.#hasChanged;
      const left = { cells, sites, getProgress: this.#getProgress, taken: this.#taken, siteOf: this.#siteOf };
      const picked = pickCell(left, site);
      if (picked === "none") return;
      if (picked === "wait") {
        await changed;
        continue;
      }
      this.#taken.add(picked.key);
      await this.#workOn(picked, site).finally(() => this.#taken.delete(picked.key));
      this.#noteChange();
    }
  }

  #noteChange(): void {
    this.#tellChange();
    this.#hasChanged = new Promise((resolve) => (this.#tellChange = resolve));
  }

  readonly #siteOf = (key: string): string | null => {
    const { searchId, trainingId } = this.#getProgress(key);
    const [handover] = [searchId, trainingId].flatMap((id) => {
      const folder = id === null ? null : join(this.#lab.paths.runs, `run-${id}`);
      return folder !== null && existsSync(folder) ? (readOpenHandover(folder) ?? []) : []; // most runs are here
    });
    return handover?.site ?? null;
  };

  async #workOn(cell: StudyCell, site: string | null): Promise<void> {
    const { key } = cell;
    try {
      await workOnCell(
        {
          lab: this.#lab,
          plan: this.#plan,
          site,
          pausing: this.#pausing,
          isPausing: () => this.#pauseReason !== null,
          getProgress: this.#getProgress,
          setProgress: this.#setProgress,
          children: this.#children,
        },
        cell,
      );
    } catch (error) {
      // What cannot be written down ends the study; all else is one cell's trouble.
      if (!this.#ownership.isMine()) throw error;
      const reason = messageOf(error);
      if (error instanceof Paused) await this.#setProgress(key, { state: "waiting" });
      else if (error instanceof CellStopped) await this.#setProgress(key, { state: "stopped", reason });
      else await this.#setProgress(key, { state: "failed", reason });
      if (!(error instanceof Paused)) this.#lab.log(`study ${this.#plan.name}, ${key}: ${reason}`);
    }
  }

  readonly #getProgress = (key: string): CellProgress => this.#status.cells[key] ?? NOT_BEGUN; // absent until its turn

  readonly #setProgress = async (key: string, change: Partial<CellProgress>): Promise<void> => {
    const cells = { ...this.#status.cells, [key]: { ...this.#getProgress(key), ...change } };
    await this.#save({ cells });
    this.#noteChange();
    this.#lab.changes.tell({ kind: "stale", topic: "studies" });
  };

  #save(change: Partial<StudyStatus>): Promise<void> {
    this.#status = { ...this.#status, ...change, heartbeatAt: new Date().toISOString() };
    const writing = this.#writing.then(async () => {
      this.#ownership.check();
      await writeJson(this.#paths.status, this.#status);
    });
    this.#writing = writing.catch(() => undefined);
    return writing;
  }

  async #hearOrders(): Promise<void> {
    if ((await readStudyControl(this.#paths)) === "pause") this.pause("asked to pause");
  }

  readonly #giveUp = (error: unknown): void => {
    this.#log(error);
    this.pause(messageOf(error));
  };

  #log(error: unknown): void {
    this.#lab.log(`study ${this.#plan.name}: ${messageOf(error)}`);
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
