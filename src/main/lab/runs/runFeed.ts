import { readdir, readFile } from "node:fs/promises";

import { getErrorCode, toDiskError } from "#main/files/diskError.ts";
import { openEventTail } from "#main/store/runs/eventTail.ts";
import { getRunPaths, readManifest, type RunPaths } from "#main/store/runs/runFolder.ts";
import type { LogLine, Milestone, RunSetup, RunSnapshot, StepSeries } from "#shared/api/runs.ts";
import type { RunEvent } from "#shared/runs/runEvent.ts";
import { addStep, createStepColumns, dropStepsAfter, type StepColumns, thinSteps } from "#shared/runs/stepSeries.ts";

/** What happened in a run, kept up to date from its events.jsonl, so that any process's run can be followed alike. */
export interface RunFeed {
  /** Reads what is new and passes it to all listeners; calls at the same time share one reading. */
  refresh(): Promise<void>;
  /** Reads what does not come as events. Throws LabError. */
  readFixed(): Promise<Pick<RunSnapshot, "setup" | "configYaml" | "images">>;
  /** Gives what was read so far; `points` bounds the steps. */
  getKnown(points: number): Pick<RunSnapshot, "steps" | "milestones" | "log">;
  getSteps(fromStep: number, toStep: number, points: number): StepSeries;
  /** Passes on what is read from now on; returns the way to end it. */
  listen(listener: (events: readonly RunEvent[]) => void): () => void;
  hasListeners(): boolean;
}

/** Log lines that are kept; all of them are in the run folder's log.txt. */
const MAX_LOG_LINES = 1_000;

/** Opens the feed of a run folder; nothing is read before the first refresh. */
export function openRunFeed(folder: string): RunFeed {
  const paths = getRunPaths(folder);
  const tail = openEventTail(paths.events);
  const known: Known = { steps: createStepColumns(), milestones: [], log: [] };
  const listeners = new Set<(events: readonly RunEvent[]) => void>();
  let reading: Promise<void> | null = null;
  let fixed: Promise<Pick<RunSnapshot, "setup" | "configYaml">> | null = null;
  const read = (): Promise<void> =>
    tail.readMore((events) => {
      for (const event of events) take(known, event);
      for (const listener of listeners) listener(events);
    });
  return {
    refresh: () => (reading ??= read().finally(() => (reading = null))),
    readFixed: async () => ({ ...(await (fixed ??= readSetup(paths))), images: await listImages(paths) }),
    getKnown: (points) => ({
      steps: thinSteps(known.steps, 0, Number.MAX_SAFE_INTEGER, points),
      milestones: [...known.milestones],
      log: known.log.slice(-MAX_LOG_LINES),
    }),
    getSteps: (fromStep, toStep, points) => thinSteps(known.steps, fromStep, toStep, points),
    listen: (listener) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    hasListeners: () => listeners.size > 0,
  };
}

interface Known {
  readonly steps: StepColumns;
  milestones: Milestone[];
  log: LogLine[];
}

function take(known: Known, event: RunEvent): void {
  switch (event.type) {
    case "step":
      addStep(known.steps, event);
      return;
    case "log":
      known.log.push(event);
      if (known.log.length > 2 * MAX_LOG_LINES) known.log = known.log.slice(-MAX_LOG_LINES);
      return;
    case "resumed":
      dropStepsAfter(known.steps, event.step);
      known.milestones = known.milestones.filter((each) => !("step" in each) || each.step <= event.step);
      return;
    case "validation":
    case "arch":
    case "candidate":
    case "checkpoint":
    case "sample":
    case "state":
      known.milestones.push(event);
      return;
  }
}

async function readSetup(paths: RunPaths): Promise<Pick<RunSnapshot, "setup" | "configYaml">> {
  const manifest = await readManifest(paths);
  const { config } = paths;
  const configYaml = await readFile(config, "utf8").catch((cause: unknown) => {
    throw toDiskError(`read ${config}`, cause);
  });
  const setup: RunSetup =
    manifest.kind === "search"
      ? { kind: "search", config: manifest.config }
      : { kind: "train", config: manifest.config, genotype: manifest.genotype };
  return { setup, configYaml };
}

async function listImages({ images }: RunPaths): Promise<readonly string[]> {
  try {
    return (await readdir(images)).filter((name) => name.endsWith(".png")).toSorted();
  } catch (cause) {
    if (getErrorCode(cause) === "ENOENT") return [];
    throw toDiskError(`list ${images}`, cause);
  }
}
