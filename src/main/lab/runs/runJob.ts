import { ComputeEnd } from "#main/compute/host.ts";
import type { ComputeFunctions, Control, JobOutcome, PhotoSet } from "#main/compute/protocol.ts";
import { writeNamed } from "#main/photos/loadPhotos.ts";
import type { DatasetPhoto } from "#main/photos/scanDataset.ts";
import type { RunManifest, RunStatus } from "#main/store/runs/runFiles.ts";
import { readControl, type RunPaths, writeJson } from "#main/store/runs/runFolder.ts";
import { readSplitFile } from "#main/store/runs/splitFile.ts";
import type { EngineFacts } from "#shared/api/doctor.ts";
import type { RunSummary } from "#shared/api/runs.ts";
import { LabError, type LabErrorKind } from "#shared/labError.ts";
import type { ComputeEvent } from "#shared/runs/runEvent.ts";
import { describeOverlap } from "#shared/runs/startOverlap.ts";

import { withWorkFiles } from "#main/lab/tasks/workFolder.ts";
import { describePlace } from "#main/lab/tasks/computePlace.ts";
import type { ComputeLease } from "#main/lab/tasks/computeQueue.ts";
import { engineInWords, refuseOtherEngine, warnOfFallback, writeEnvironment } from "./environment.ts";
import { createGpuMeter, type GpuMeter } from "./gpuMeter.ts";
import type { JobContext, RunJob } from "./jobContext.ts";
import { createRunRecorder, type RunRecorder } from "./runRecorder.ts";

type FinalOutcome = Exclude<JobOutcome, { kind: "restart" }>;

/** How a run ended; of a stop the reason says only when, for the job knows why. */
interface RunEnd {
  readonly state: "finished" | "failed" | "stopped" | "interrupted";
  readonly reason: string | null;
  readonly errorKind: LabErrorKind | null;
  readonly facts: object;
}

/** What a run needs besides its folder. */
export interface RunPlan {
  readonly paths: RunPaths;
  readonly manifest: RunManifest;
  readonly status: RunStatus;
  /** The photos, grey or colour as the network takes them, that the compute process gets before it begins. */
  readonly photos: readonly (readonly [PhotoSet, readonly DatasetPhoto[]])[];
  /** A run that starts over did some steps before, of which no checkpoint is left. */
  readonly from: "the_start" | "the_start_over" | "a_checkpoint";
  /** True where the run may go on by another engine than the one before. */
  readonly mayChangeEngine: boolean;
  readonly begin: (compute: ComputeFunctions, resume: boolean) => Promise<JobOutcome>;
}

/** How quickly an order from another process is heard. */
const CONTROL_POLL_MS = 250;
/** How often status.json and the index are brought up to date. */
const HEARTBEAT_MS = 2_000;

/** Starts the work on a run that this process owns and returns at once. */
export function startRunJob(context: JobContext, plan: RunPlan): RunJob {
  const job = new RunningJob(context, plan);
  return { getSummary: job.getSummary, done: job.run(), setWant: job.setWant };
}

class RunningJob {
  readonly #context: JobContext;
  readonly #plan: RunPlan;
  readonly #recorder: RunRecorder;
  /** Of the card that the run computes on, once that is known. */
  #gpu: GpuMeter | null = null;
  readonly #stopping = new AbortController();
  #want: Control = "run";
  #stopReason = "asked to stop";
  /** Present while a search or training is under way in the compute process. */
  #compute: ComputeFunctions | null = null;
  /** True where another engine computes than before: nothing is wrong with the run. */
  #wasRefused = false;
  /** The first thing that could not be written down; it ends the run. */
  #failure: Error | null = null;

  constructor(context: JobContext, plan: RunPlan) {
    this.#context = context;
    this.#plan = plan;
    this.#recorder = createRunRecorder(context, plan.paths, plan.manifest, plan.status);
  }

  readonly getSummary = (): RunSummary => this.#recorder.getSummary();

  /** Takes an order; one that changes nothing is passed over, and nothing undoes a stop. */
  readonly setWant = (want: Control, reason?: string): void => {
    if (want === this.#want || this.#want === "stop") return;
    this.#want = want;
    if (reason !== undefined) this.#stopReason = reason;
    if (want === "stop") this.#stopping.abort();
    if (this.#compute !== null) this.#attempt(this.#passOn(this.#compute));
  };

  async run(): Promise<RunSummary> {
    const heartbeat = setInterval(() => this.#attempt(this.#recorder.save()), HEARTBEAT_MS);
    const control = setInterval(() => this.#attempt(this.#hearOrders()), CONTROL_POLL_MS);
    const end = await this.#work().then(toEnd, (error: unknown) => this.#toFailure(error));
    clearInterval(heartbeat);
    clearInterval(control);
    this.#gpu?.close();
    await this.#close(end).catch((error: unknown) => {
      this.#context.log(`run ${this.#plan.manifest.id}: its end could not be written down: ${messageOf(error)}`);
    });
    return this.getSummary();
  }

  async #work(): Promise<FinalOutcome> {
    await this.#recorder.setState("queued");
    const { runCompute } = this.#context;
    const { addToLog, recordSample, settle } = this.#recorder;
    const listener = { onEvent: this.#record, onSample: recordSample, settle, onLine: addToLog };
    return runCompute.use(listener, this.#stopping.signal, async (lease) => {
      let outcome = await this.#start(lease, this.#plan.from === "a_checkpoint");
      while (outcome.kind === "restart") {
        if (this.#stopping.signal.aborted) return { kind: "stopped", step: outcome.step };
        await lease.restart();
        outcome = await this.#start(lease, true);
      }
      if (this.#failure !== null) throw this.#failure;
      return outcome;
    });
  }

  /** Gets the compute process ready for the run and lets it work until it has something to say about the end. */
  async #start(lease: ComputeLease, resume: boolean): Promise<JobOutcome> {
    await this.#recorder.setState("preparing");
    const compute = await lease.getCompute();
    const facts = await compute.describeEngine();
    await this.#takeEngine(facts, lease.getProcessId(), resume);
    const place = lease.getPlace();
    this.#gpu ??= createGpuMeter(place.device);
    const share = describePlace(place);
    if (share !== null)
      this.#record({ type: "log", level: "info", message: `computes beside other runs, on ${share}` });
    const warning = warnOfFallback(facts);
    if (warning !== null) this.#record({ type: "log", level: "warning", message: warning });
    if (!resume) await this.#warnOfStart();
    await this.#sendPhotos(compute);
    this.#stopping.signal.throwIfAborted();
    await this.#recorder.setState("running");
    if (!resume && this.#plan.from === "the_start_over") this.#record({ type: "resumed", step: 0 });
    const outcome = this.#plan.begin(compute, resume);
    this.#compute = compute;
    if (this.#want !== "run") this.#attempt(this.#passOn(compute));
    return outcome.finally(() => (this.#compute = null));
  }

  /** Tells what the network that a training begins with has seen of what the training is measured on. */
  async #warnOfStart(): Promise<void> {
    const { start = [] } = (await readSplitFile(this.#plan.paths)) ?? {}; // runs of the first versions tell nothing
    for (const overlap of start) this.#record({ type: "log", level: "warning", message: describeOverlap(overlap) });
  }

  /** Steps before a restart are done anew or not at all by another engine, unless somebody said that it may be. */
  async #takeEngine(facts: EngineFacts, processId: number | null, isContinued: boolean): Promise<void> {
    const { manifest, paths, mayChangeEngine } = this.#plan;
    const { engine: before } = this.getSummary();
    const now = engineInWords(facts);
    const isOther = isContinued && before !== null && before !== now;
    if (isOther && !mayChangeEngine) {
      this.#wasRefused = true;
      refuseOtherEngine(manifest.id, before, now);
    }
    this.#recorder.setEngine(facts, processId, isContinued);
    await writeEnvironment(paths.environment, facts);
    if (!isOther) return;
    const message = `goes on by ${now}, as somebody wished; up to here it was computed by ${before}`;
    this.#record({ type: "log", level: "warning", message });
  }

  async #sendPhotos(compute: ComputeFunctions): Promise<void> {
    const { manifest } = this.#plan;
    const { work } = this.#context;
    const { imageChannels } = manifest.kind === "search" ? manifest.config.space : manifest.config.network;
    await compute.clearPhotos();
    for (const [set, photos] of this.#plan.photos) {
      for (const photo of photos) {
        this.#stopping.signal.throwIfAborted();
        await withWorkFiles(work, [".f32", ".f32"], async ([clean, noisy]) =>
          compute.addPhoto(set, await writeNamed(photo, imageChannels, { clean, noisy })),
        );
      }
    }
  }

  readonly #record = (event: ComputeEvent): void => {
    try {
      this.#recorder.record(event.type === "step" ? { ...event, ...this.#gpu?.read() } : event);
    } catch (error) {
      this.#giveUp(error);
    }
  };

  async #hearOrders(): Promise<void> {
    this.setWant(await readControl(this.#plan.paths));
  }

  async #passOn(compute: ComputeFunctions): Promise<void> {
    const want = this.#want;
    await compute.control(want);
    if (want !== "stop" && this.#compute !== null)
      await this.#recorder.setState(want === "pause" ? "paused" : "running");
  }

  /** Lets something go on beside the run; if it fails, the run ends. */
  #attempt(work: Promise<void>): void {
    work.catch((error: unknown) => this.#giveUp(error));
  }

  #giveUp(error: unknown): void {
    this.#failure ??= error instanceof Error ? error : new Error(String(error));
    this.setWant("stop");
  }

  #toFailure(error: unknown): RunEnd {
    const failure = this.#failure ?? error;
    const { signal } = this.#stopping;
    const isStop = failure === signal.reason || (failure instanceof LabError && failure.kind === "interrupted");
    if (signal.aborted && isStop) return { state: "stopped", reason: "before it began", errorKind: null, facts: {} };
    if (!(failure instanceof LabError)) this.#context.log(stackOf(failure));
    const isInterrupted = this.#wasRefused || failure instanceof ComputeEnd;
    const errorKind = failure instanceof LabError ? failure.kind : null;
    return { state: isInterrupted ? "interrupted" : "failed", reason: messageOf(failure), errorKind, facts: {} };
  }

  async #close({ state, reason, errorKind, facts }: RunEnd): Promise<void> {
    const { paths, manifest } = this.#plan;
    const { id, kind, dataset } = manifest;
    if (!this.#recorder.isOwner()) {
      this.#recorder.abandon("another process took it up");
      return;
    }
    const why = state === "stopped" ? `${this.#stopReason} ${reason}` : reason;
    await this.#recorder.settle();
    const result = { schema: "hinas.result", version: 1, id, kind, state, reason: why, dataset, ...facts };
    try {
      await writeJson(paths.result, { ...result, endedAt: new Date().toISOString() });
    } finally {
      await this.#recorder.setState(state, why ?? undefined, errorKind).finally(() => this.#recorder.close());
    }
  }
}

function toEnd(outcome: FinalOutcome): RunEnd {
  const { kind, step } = outcome;
  switch (kind) {
    case "finished":
      return {
        state: "finished",
        reason: outcome.reason ?? null,
        errorKind: null,
        facts: { step, best: outcome.best },
      };
    case "diverged":
      return {
        state: "failed",
        reason: `diverged at step ${step}: ${outcome.quantity} no longer finite; a lower learning rate helps most often`,
        errorKind: "diverged",
        facts: { step },
      };
    case "stopped":
      return { state: "stopped", reason: `at step ${step}`, errorKind: null, facts: { step } };
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function stackOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
