import type { SamplePicture } from "#main/compute/protocol.ts";
import { openEventLog, readEvents } from "#main/store/runs/eventLog.ts";
import type { RunManifest, RunStatus } from "#main/store/runs/runFiles.ts";
import { type RunPaths, writeStatus } from "#main/store/runs/runFolder.ts";
import { toRunSummary } from "#main/store/runs/runSummary.ts";
import type { EngineFacts } from "#shared/api/doctor.ts";
import type { LabErrorKind } from "#shared/labError.ts";
import type { RunSummary } from "#shared/api/runs.ts";
import type { ComputeEvent, RunEvent, RunState } from "#shared/runs/runEvent.ts";

import { engineInWords } from "./environment.ts";
import type { LabContext } from "#main/lab/labContext.ts";
import { engineForLog, openRunLog } from "./runLog.ts";
import { openRunSamples } from "./runSamples.ts";

/** Writes down what happens in one run: in its folder, in the index, and to whoever listens. */
export interface RunRecorder {
  /** Appends an event of the compute process. Throws LabError `disk` where it cannot be written. */
  record(event: ComputeEvent): void;
  /** Writes a sample's pictures and then appends their event; what goes wrong is logged in the run, which goes on. */
  readonly recordSample: (sample: SamplePicture) => void;
  /** Resolves when all samples so far are written. */
  readonly settle: () => Promise<void>;
  /** Appends a change of state and saves it, with the kind of trouble that led to it. */
  setState(state: RunState, reason?: string, errorKind?: LabErrorKind | null): Promise<void>;
  setEngine(facts: EngineFacts): void;
  /** Adds what else was said in the course of the run to its log. */
  readonly addToLog: (line: string) => void;
  /** Saves status and index with the present time as heartbeat. */
  save(): Promise<void>;
  getSummary(): RunSummary;
  /** Releases the run, saves a last time and closes the event log. */
  close(): Promise<void>;
}

type WithoutTime<Event> = Event extends RunEvent ? Omit<Event, "time"> : never;
type RecordedEvent = WithoutTime<RunEvent>;

/** Opens the books of a run that this process owns; the caller closes them. */
export function createRunRecorder(
  context: LabContext,
  paths: RunPaths,
  manifest: RunManifest,
  initial: RunStatus,
): RunRecorder {
  const events = openEventLog(paths.events);
  const log = openRunLog(paths.log, context.log);
  let status = initial;
  let saving: Promise<void> = Promise.resolve();

  const append = (event: RecordedEvent): void => {
    const line: RunEvent = { ...event, time: new Date().toISOString() };
    events.append(line);
    for (const listener of context.listeners.get(manifest.id) ?? []) listener(line);
  };
  const samples = openRunSamples(paths, { onWritten: append, onTrouble: (message) => warn(context, record, message) });
  const getSummary = (): RunSummary => toRunSummary(paths.folder, manifest, status);
  const write = async (): Promise<void> => {
    status = { ...status, heartbeatAt: new Date().toISOString() };
    await writeStatus(paths, status);
    updateIndex(context, getSummary());
  };
  /** One after the other, each with the newest status; a failure ends the one that failed and not the next. */
  const save = (): Promise<void> => {
    saving = saving.then(write, write);
    return saving;
  };
  const record = (event: ComputeEvent): void => {
    append(event);
    status = updateStatus(status, event, paths);
    if (event.type === "log") log.add(`${event.level}: ${event.message}`);
    if (event.type === "resumed") samples.forgetAfter(event.step);
  };
  return {
    record,
    recordSample: samples.add,
    settle: samples.settle,
    setState: (state, reason, errorKind = null) => {
      status = { ...status, state, reason: reason ?? null, errorKind };
      append({ type: "state", state, ...(reason === undefined ? {} : { reason }) });
      log.add(`state: ${state}${reason === undefined ? "" : `, ${reason}`}`);
      return save();
    },
    setEngine: (facts) => {
      status = { ...status, engine: engineInWords(facts) };
      log.add(engineForLog(facts));
    },
    addToLog: log.add,
    save,
    getSummary,
    close: async () => {
      status = { ...status, owner: null };
      await samples.settle();
      await save().finally(() => events.close());
    },
  };
}

/** Where not even a warning can be written, what comes next ends the run. */
function warn({ log }: LabContext, record: (event: ComputeEvent) => void, message: string): void {
  try {
    record({ type: "log", level: "warning", message });
  } catch {
    log(message);
  }
}

/** The folder is what counts: a run goes on without the index, which can be rebuilt. */
function updateIndex(context: LabContext, summary: RunSummary): void {
  try {
    context.getStore().runs.put(summary);
  } catch (error) {
    context.log(`run ${summary.id}: not in the index: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function updateStatus(status: RunStatus, event: ComputeEvent, paths: RunPaths): RunStatus {
  switch (event.type) {
    case "step":
      return {
        ...status,
        step: event.step,
        totalSteps: event.totalSteps,
        secondsPerStep: event.secondsPerStep,
      };
    case "validation":
      return event.isBest ? { ...status, best: toBest(event) } : status;
    case "resumed":
      return { ...status, step: event.step, best: findBest(paths) };
    case "arch":
    case "candidate":
    case "checkpoint":
    case "log":
      return status;
  }
}

function toBest({ step, validation }: Extract<ComputeEvent, { type: "validation" }>): RunStatus["best"] {
  return { step, psnrDb: validation.psnrDb, ssim: validation.ssim };
}

/** The best so far among the events that still count. */
function findBest(paths: RunPaths): RunStatus["best"] {
  const last = readEvents(paths.events).findLast((event) => event.type === "validation" && event.isBest);
  return last?.type === "validation" ? toBest(last) : null;
}
