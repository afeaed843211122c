import type { Milestone, RunSnapshot } from "#shared/api/runs.ts";
import type { RunEvent } from "#shared/runs/runEvent.ts";
import { findCrowdedSample } from "#shared/runs/samplePictures.ts";

export type SampleMilestone = Extract<Milestone, { type: "sample" }>;

/** Lists the samples whose pictures are still there; the newest always is, though it may be newer than the list of pictures. */
export function createSamples({ milestones, images }: Pick<RunSnapshot, "milestones" | "images">): SampleMilestone[] {
  const known = new Set(images);
  const samples = milestones.filter((event) => event.type === "sample");
  return samples.filter((sample, index) => index === samples.length - 1 || known.has(toImageName(sample.denoised)));
}

/** Adds new samples and drops those that the run drops; the very same list where nothing changes. */
export function addSamples(
  before: readonly SampleMilestone[],
  events: readonly RunEvent[],
): readonly SampleMilestone[] {
  let samples = before;
  for (const event of events) {
    if (event.type === "resumed") samples = keep(samples, ({ step }) => step <= event.step);
    if (event.type !== "sample") continue;
    // A run that begins anew tells of the same steps once more.
    const all = [...samples.filter(({ step }) => step < event.step), event];
    const crowded = findCrowdedSample(all.map(({ step }) => step));
    samples = all.filter(({ step }) => step !== crowded);
  }
  return samples;
}

/** Returns the sample at a step, or the nearest one; the newest where no step is asked for. */
export function findSample(samples: readonly SampleMilestone[], step: number | null): SampleMilestone | null {
  let nearest = samples.at(-1) ?? null;
  if (nearest === null || step === null) return nearest;
  for (const sample of samples) {
    if (Math.abs(sample.step - step) < Math.abs(nearest.step - step)) nearest = sample;
  }
  return nearest;
}

/** Turns a file of a run folder into the name by which its picture is asked for. */
export function toImageName(file: string): string {
  return file.slice(file.lastIndexOf("/") + 1);
}

function keep(
  samples: readonly SampleMilestone[],
  isKept: (sample: SampleMilestone) => boolean,
): readonly SampleMilestone[] {
  return samples.every(isKept) ? samples : samples.filter(isKept);
}
