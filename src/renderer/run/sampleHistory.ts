import type { EventOf } from "#shared/runs/runEvent.ts";

export type SampleMilestone = EventOf<"sample">;

/** Picks the samples whose pictures are still there; the newest always is, though it may be newer than the list of pictures. */
export function pickShown(samples: readonly SampleMilestone[], images: readonly string[]): readonly SampleMilestone[] {
  const known = new Set(images);
  return samples.filter((sample, index) => index === samples.length - 1 || known.has(toImageName(sample.denoised)));
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
