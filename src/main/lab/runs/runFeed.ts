import { readdir, readFile } from "node:fs/promises";

import { getErrorCode, toDiskError } from "#main/files/diskError.ts";
import type { EventLine } from "#main/store/runs/eventLog.ts";
import { openEventTail } from "#main/store/runs/eventTail.ts";
import { getRunPaths, readManifest, type RunPaths } from "#main/store/runs/runFolder.ts";
import type { RunSetup, RunSnapshot } from "#shared/api/runs.ts";
import { addEvents, createRunHistory, type RunHistory } from "#shared/runs/history/runHistory.ts";
import { type StepSeries, thinSteps } from "#shared/runs/history/stepColumns.ts";
import type { RunEvent } from "#shared/runs/runEvent.ts";

/** What happened in a run, kept up to date from its events.jsonl, so that any process's run can be followed alike. */
export interface RunFeed {
  /** Reads what is new and passes it to all listeners; calls at the same time share one reading. */
  refresh(): Promise<void>;
  /** Passes on a line that this process has just written, without reading it, where nothing before it is unread. */
  take(line: EventLine): Promise<void>;
  /** Reads what does not come as events. Throws LabError. */
  readFixed(): Promise<Pick<RunSnapshot, "setup" | "configYaml" | "images">>;
  /** Gives what was read so far; `points` bounds the steps. */
  getHistory(points: number): RunHistory;
  getSteps(fromStep: number, toStep: number, points: number): StepSeries;
  /** Passes on what is read from now on; returns the way to end it. */
  listen(listener: (events: readonly RunEvent[]) => void): () => void;
  hasListeners(): boolean;
}

/** All steps, for whoever zooms in; all log lines are in the run folder's log.txt. */
const LIMITS = { steps: Infinity, logLines: 1_000 };

/** Opens the feed of a run folder; nothing is read before the first refresh. */
export function openRunFeed(folder: string): RunFeed {
  const paths = getRunPaths(folder);
  const tail = openEventTail(paths.events);
  const listeners = new Set<(events: readonly RunEvent[]) => void>();
  let history = createRunHistory();
  let reading: Promise<void> | null = null;
  let fixed: Promise<Pick<RunSnapshot, "setup" | "configYaml">> | null = null;
  const pass = (events: readonly RunEvent[]): void => {
    history = addEvents(history, events, LIMITS);
    for (const listener of listeners) listener(events);
  };
  const refresh = (): Promise<void> => (reading ??= tail.readMore(pass).finally(() => (reading = null)));
  return {
    refresh,
    take: async (line) => {
      // A reading that is under way may or may not come to this line, so another one follows it.
      while (reading !== null) await reading;
      const offset = tail.getOffset();
      if (offset < line.begin) return refresh();
      if (offset > line.begin) return;
      tail.skipTo(line.end);
      pass([line.event]);
    },
    readFixed: async () => ({ ...(await (fixed ??= readSetup(paths))), images: await listImages(paths) }),
    getHistory: (points) => ({ ...history, steps: thinSteps(history.steps, 0, Number.MAX_SAFE_INTEGER, points) }),
    getSteps: (fromStep, toStep, points) => thinSteps(history.steps, fromStep, toStep, points),
    listen: (listener) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    hasListeners: () => listeners.size > 0,
  };
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
