import type { Evaluation } from "#shared/runs/evaluation.ts";
import type { EvaluationConfig } from "#shared/runs/config.ts";
import type { RunEvent } from "#shared/runs/runEvent.ts";

import type { LAB_PROCEDURES } from "./contract.ts";
import type { DatasetReport } from "./datasets.ts";
import type { DenoisedFile, ContactSheetWish, DenoisedFileWish, DenoiseInput, DenoiseProgress } from "./denoising.ts";
import type { PictureRef } from "./pictures.ts";
import type { Answering } from "./procedure.ts";
import type { RunSnapshot, RunSummary } from "./runs.ts";
import type { StudySummary } from "./studies.ts";
import type { SiteFinding } from "./sites.ts";
import type { Topic } from "./updates.ts";
import type { Task, TaskProgress } from "./tasks.ts";

/** A picture or file as bytes. `tag` changes with the content. */
export interface LabFile {
  readonly bytes: Uint8Array;
  readonly type: string;
  readonly tag: string;
  /** Of a `float32` picture: `[height, width, channels]`. */
  readonly shape: readonly [number, number, number] | null;
  /** A name to save it under. */
  readonly name: string;
  /** What of the photo the file could not keep, in a sentence; absent where it keeps all that was wished. */
  readonly note?: string;
}

/** Something that changed, whoever changed it. */
export type LabChange =
  | { readonly kind: "run"; readonly run: RunSummary }
  | { readonly kind: "run_removed"; readonly id: string }
  | { readonly kind: "task"; readonly task: Task }
  | { readonly kind: "task_dismissed"; readonly id: string }
  | { readonly kind: "stale"; readonly topic: Topic };

/** Hears how many photos of a job are done. */
export type OnPhoto = (done: number, total: number) => void;

/** A run as it is, and the end of being told of what follows. */
export interface FollowedRun {
  readonly snapshot: RunSnapshot;
  stop(): void;
}

/**
 * The lab inside its own process. Besides the questions that windows may ask it has what cannot cross a wire: answers
 * that take as long as the job, listeners, and bytes. Long jobs of windows return once they have started.
 */
export interface Lab extends Answering<typeof LAB_PROCEDURES> {
  addDataset(
    input: { name: string | null; folder: string; noisyFolder: string | null },
    onPhoto?: OnPhoto,
  ): Promise<DatasetReport>;
  /** Downloads a public set and adds it, as `startFetch` does in the background. */
  fetchDataset(
    wish: { readonly name: string; readonly again: boolean },
    onProgress?: (progress: TaskProgress) => void,
  ): Promise<DatasetReport>;
  verifyDataset(name: string, onPhoto?: OnPhoto): Promise<DatasetReport>;
  /** Queues the runs again that waited for their turn when the process died that had them. */
  queueAgain(): Promise<void>;
  /** Lists what a study would read: data sets by name or folder, and networks that trainings begin with. */
  listStudySources(text: {
    readonly yaml: string;
    readonly place: string;
    readonly withControl: boolean;
  }): Promise<{ readonly datasets: readonly string[]; readonly networks: readonly string[] }>;
  /** Waits until nobody is at work on a study any more. */
  waitForStudy(id: string): Promise<StudySummary>;
  /** Writes a study's paper kit into a new file. */
  writeStudyKit(id: string, file: string): Promise<void>;
  /** Copies the lab's home to a folder, or to another computer as `HOST:FOLDER`. */
  copyHome(target: string): Promise<{
    readonly target: string;
    readonly outside: readonly { readonly name: string; readonly folder: string }[];
  }>;
  /** Writes a run as a bundle into a new file. */
  writeBundle(id: string, file: string): Promise<void>;
  /** Follows the runs that sites have from now on. */
  watchSites(): void;
  /** Checks a site as `checkSite` does, and lets ssh ask the person at this terminal. */
  checkSiteAttended(name: string): Promise<readonly SiteFinding[]>;
  waitForRun(id: string): Promise<RunSummary>;
  subscribe(id: string, listener: (event: RunEvent) => void): () => void;
  readRunEvents(id: string): Promise<readonly RunEvent[]>;
  /** Measures a model by several configurations, one after the other; `outputFolder` gets the figures of all. */
  evaluateAll(
    model: string,
    configs: readonly EvaluationConfig[],
    outputFolder: string | null,
    onPhoto?: OnPhoto,
  ): Promise<readonly Evaluation[]>;
  evaluate(
    model: string,
    config: EvaluationConfig,
    outputFolder: string | null,
    onPhoto?: OnPhoto,
  ): Promise<Evaluation>;
  denoise(input: DenoiseInput, onProgress: (progress: DenoiseProgress) => void): Promise<readonly DenoisedFile[]>;
  /** Gives a run as it is and passes on what happens in it from then on, also where another process is at work on it. */
  followRun(id: string, points: number, listener: (events: readonly RunEvent[]) => void): Promise<FollowedRun>;
  /** Tells of every change from now on, those that other processes make too; returns the way to end it. */
  watch(listener: (change: LabChange) => void): () => void;
  readPicture(ref: PictureRef): Promise<LabFile>;
  renderDenoised(wish: DenoisedFileWish): Promise<LabFile>;
  /** Makes a page of HTML with all photos of a session. */
  makeContactSheet(wish: ContactSheetWish): Promise<LabFile>;
  /** The folders whose files windows from afar may see: the lab's home and the registered data sets. */
  listOpenFolders(): Promise<readonly string[]>;
  /** The data sets that windows from afar may use: the built-in one and the registered ones. */
  listDatasetNames(): Promise<readonly string[]>;
  /** Stops what this process still runs (saving checkpoints) and ends the compute process. */
  close(): Promise<void>;
}
