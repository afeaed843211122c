import { appendFileSync } from "node:fs";

import type { SamplePicture } from "#main/compute/protocol.ts";
import { identifyProcess, type ProcessIdentity } from "#main/files/processIdentity.ts";
import { type EventLog, openEventLog, readEvents } from "#main/store/runs/eventLog.ts";
import { openOwnership, type Ownership } from "#main/store/runs/ownership.ts";
import type { RunManifest, RunStatus } from "#main/store/runs/runFiles.ts";
import { type RunPaths, writeStatus } from "#main/store/runs/runFolder.ts";
import { pickCandidates } from "#main/store/runs/runProducts.ts";
import { toRunSummary } from "#main/store/runs/runSummary.ts";
import type { EngineFacts } from "#shared/api/doctor.ts";
import type { Candidate, RunSummary } from "#shared/api/runs.ts";
import type { LabErrorKind } from "#shared/labError.ts";
import { addEvents, createRunHistory, findBest, type RunHistory } from "#shared/runs/history/runHistory.ts";
import { dropVoid } from "#shared/runs/history/voiding.ts";
import type { ComputeEvent, RunEvent, RunState } from "#shared/runs/runEvent.ts";

import { engineForLog, engineInWords } from "./environment.ts";
import { openRunSamples, type RunSamples } from "./runSamples.ts";
import type { JobContext } from "./jobContext.ts";

/** Writes down what happens in one run: in its folder, in the index, and to whoever listens. */
export interface RunRecorder {
  /** Appends an event of the compute process. Throws LabError `disk` where it cannot be written. */
  record(event: ComputeEvent): void;
  /** Writes a sample's pictures and then appends their event; what goes wrong is logged in the run, which goes on. */
  readonly recordSample: (sample: SamplePicture) => void;
  /** Resolves when all that was told so far is kept, through a power cut too. Throws LabError `disk`. */
  readonly settle: () => Promise<void>;
  /** Appends a change of state and saves it, with the kind of trouble that led to it. */
  setState(state: RunState, reason?: string, errorKind?: LabErrorKind | null): Promise<void>;
  /** Says by which engine, and in which process, the run is done from now on; one that is not continued has no steps before. */
  setEngine(facts: EngineFacts, processId: number | null, isContinued: boolean): void;
  /** Adds what else was said in the course of the run to its log. */
  readonly addToLog: (line: string) => void;
  /** Saves status and index with the present time as heartbeat. */
  save(): Promise<void>;
  getSummary(): RunSummary;
  /** Tells whether the run is still this process's to write. */
  isOwner(): boolean;
  /** Releases the run, saves a last time and closes the event log. */
  close(): Promise<void>;
  /** Closes the event log of a run that another process took up, and writes nothing. */
  abandon(reason: string): void;
}

type WithoutTime<Event> = Event extends RunEvent ? Omit<Event, "time"> : never;
type RecordedEvent = WithoutTime<RunEvent>;
type Engines = RunStatus["earlierEngines"];
type RecorderContext = Pick<JobContext, "log" | "runNews" | "getStore">;

/** What the status of a run tells needs neither steps nor log lines. */
const LIMITS = { steps: 1, logLines: 0 };

/** Whose a run is that has ended. */
const NOBODY = { owner: null, worker: null };

/** Opens the books of a run that this process owns; the caller closes them. Throws LabError. */
export function createRunRecorder(
  context: RecorderContext,
  paths: RunPaths,
  manifest: RunManifest,
  initial: RunStatus,
): RunRecorder {
  const { id } = manifest;
  const events = openEventLog(paths.events);
  const before = readEvents(paths.events);
  const index = createRunIndex(context, id, pickCandidates(before));
  const addToLog = openRunLog(paths.log, context.log);
  let history = addEvents(createRunHistory(), before, LIMITS);
  const ownership = openOwnership(paths, initial);
  const status = keepStatus(paths, manifest, { initial, ownership }, index);

  const append = (event: RecordedEvent): void => {
    ownership.checkAfterSleep();
    const line = events.append({ ...event, time: new Date().toISOString() });
    history = addEvents(history, [line.event], LIMITS);
    index.take(line.event);
    context.runNews.emit("recorded", id, line);
  };
  const samples = openRunSamples(paths, { onWritten: append, onTrouble: (message) => warn(context, record, message) });
  const record = (event: ComputeEvent): void => {
    append(event);
    status.change(toProgress(history, status.get()));
    toLogEntries(event).forEach(addToLog);
    if (event.type !== "resumed") return;
    samples.forgetVoid(event);
    status.change({ earlierEngines: endAt(event.step, status.get().earlierEngines) });
  };
  return {
    record,
    recordSample: samples.add,
    settle: () => settleAll(samples, events, ownership),
    setState: (state, reason, errorKind = null) => {
      status.change({ state, reason: reason ?? null, errorKind });
      append({ type: "state", state, ...(reason === undefined ? {} : { reason }) });
      addToLog(`state: ${state}${reason === undefined ? "" : `, ${reason}`}`);
      return status.save();
    },
    setEngine: (facts, processId, isContinued) => {
      status.change({ ...toEngines(status.get(), engineInWords(facts), isContinued), worker: identify(processId) });
      addToLog(engineForLog(facts));
    },
    addToLog,
    save: status.save,
    getSummary: status.getSummary,
    isOwner: ownership.isMine,
    abandon: (reason) => {
      status.change({ state: "interrupted", reason, errorKind: "busy", ...NOBODY });
      events.close();
    },
    close: async () => {
      status.change(NOBODY);
      await samples.settle();
      await status.save().finally(() => events.close());
    },
  };
}

/** What a checkpoint counts on is on the disk, and it is this process's to write. */
async function settleAll(samples: RunSamples, events: EventLog, ownership: Ownership): Promise<void> {
  await samples.settle();
  await events.sync();
  ownership.check();
}

/** The status of one run, in status.json and in the index. */
interface StatusKeeper {
  get(): RunStatus;
  /** Changes what the next save writes. */
  change(changes: Partial<RunStatus>): void;
  readonly save: () => Promise<void>;
  readonly getSummary: () => RunSummary;
}

function keepStatus(
  paths: RunPaths,
  manifest: RunManifest,
  { initial, ownership }: { readonly initial: RunStatus; readonly ownership: Ownership },
  index: RunIndex,
): StatusKeeper {
  let status = initial;
  let saving: Promise<void> = Promise.resolve();
  const getSummary = (): RunSummary => toRunSummary(paths.folder, manifest, status);
  const write = async (): Promise<void> => {
    ownership.check();
    status = { ...status, heartbeatAt: new Date().toISOString() };
    await writeStatus(paths, status);
    index.save(getSummary());
  };
  return {
    get: () => status,
    change: (changes) => {
      status = { ...status, ...changes };
    },
    /** One after the other, each with the newest status; a failure ends the one that failed and not the next. */
    save: () => (saving = saving.then(write, write)),
    getSummary,
  };
}

function identify(processId: number | null): ProcessIdentity | null {
  return processId === null ? null : identifyProcess(processId);
}

/** What was done after the step from which a run goes on is void. */
function endAt(step: number, engines: Engines): Engines {
  return engines.map(({ engine, untilStep }) => ({ engine, untilStep: Math.min(untilStep, step) }));
}

/** A run that goes on by another engine keeps in mind which one it had so far. */
function toEngines(
  { engine: before, earlierEngines, step }: RunStatus,
  engine: string,
  isContinued: boolean,
): Pick<RunStatus, "engine" | "earlierEngines"> {
  if (!isContinued) return { engine, earlierEngines: [] };
  if (before === null || before === engine) return { engine, earlierEngines };
  return { engine, earlierEngines: [...earlierEngines, { engine: before, untilStep: step }] };
}

/** Before the first step the status has the number of steps that the settings ask for. */
function toProgress(
  history: RunHistory,
  { totalSteps, secondsPerStep }: RunStatus,
): Pick<RunStatus, "step" | "totalSteps" | "secondsPerStep" | "best"> {
  const { progress } = history;
  return {
    step: progress.step,
    totalSteps: progress.totalSteps ?? totalSteps,
    secondsPerStep: progress.secondsPerStep ?? secondsPerStep,
    best: findBest(history),
  };
}

/** The rows of one run in the index. */
interface RunIndex {
  take(event: RunEvent): void;
  /** Writes the run as it is, and the candidates that are new. */
  save(summary: RunSummary): void;
}

/** The folder is what counts: a run goes on without the index, which can be rebuilt. */
function createRunIndex({ getStore, log }: RecorderContext, id: string, known: readonly Candidate[]): RunIndex {
  let candidates = [...known];
  /** So many of the candidates are in the index. */
  let saved = 0;
  return {
    take: (event) => {
      candidates.push(...pickCandidates([event]));
      if (event.type !== "resumed") return;
      candidates = [...dropVoid(candidates, event)];
      saved = 0;
    },
    save: (summary) => {
      try {
        const store = getStore();
        store.inTransaction(() => {
          store.runs.put(summary);
          store.candidates.replaceFrom(id, saved, candidates.slice(saved));
        });
        saved = candidates.length;
      } catch (error) {
        log(`run ${id}: not in the index: ${error instanceof Error ? error.message : String(error)}`);
      }
    },
  };
}

/** Says for log.txt what a person wants to know of a normal run; nothing of what goes without saying. */
function toLogEntries(event: ComputeEvent): readonly string[] {
  switch (event.type) {
    case "log":
      return [`${event.level}: ${event.message}`];
    case "validation": {
      const { psnrDb, ssim } = event.validation;
      const figures = `${psnrDb.toFixed(2)} dB, SSIM ${ssim.toFixed(4)}`;
      return [`validation: ${figures} at step ${event.step}${event.isBest ? ", the best so far" : ""}`];
    }
    case "resumed":
      return [`went on from step ${event.step}`];
    default:
      return [];
  }
}

/** Opens a run's log.txt, which a person reads to find out what went on. What cannot be written is told elsewhere. */
function openRunLog(file: string, onTrouble: (message: string) => void): (entry: string) => void {
  return (entry) => {
    try {
      appendFileSync(file, `${new Date().toISOString()} ${entry}\n`);
    } catch (error) {
      onTrouble(`${file}: ${error instanceof Error ? error.message : String(error)}; it was to say: ${entry}`);
    }
  };
}

/** Where not even a warning can be written, what comes next ends the run. */
function warn({ log }: RecorderContext, record: (event: ComputeEvent) => void, message: string): void {
  try {
    record({ type: "log", level: "warning", message });
  } catch {
    log(message);
  }
}
