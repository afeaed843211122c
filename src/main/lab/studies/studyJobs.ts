/** A study that this process is at work on. */
export interface StudyJob {
  /** Resolves when the study has ended or is paused; never rejects. */
  readonly done: Promise<void>;
  /** Stops what runs with a checkpoint, and begins nothing more. */
  pause(reason: string): void;
}

/** The studies that this process is at work on, by id. */
export type StudyJobs = Map<string, StudyJob>;

/** Why studies are paused that nobody asked to pause. */
export const LAB_CLOSED = "the lab was closed";
