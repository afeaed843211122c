import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { join } from "node:path";

import { startEngine } from "#main/compute/engine/engine.ts";
import type { JobContext } from "#main/compute/job/jobContext.ts";
import { JobControl } from "#main/compute/job/jobControl.ts";
import type { NamedPhoto } from "#shared/image/photo.ts";
import type { ComputeEvent } from "#shared/runs/runEvent.ts";

/** What a script runs a job with: a context with a few photos, what the job told, and a run folder. */
export interface SmallJob {
  readonly context: JobContext;
  readonly events: readonly ComputeEvent[];
  readonly folder: string;
}

/** Gives a script what it needs for a job, and prints what the script found out as one line of JSON. */
export async function runSmallJob(script: (job: SmallJob) => Promise<object>): Promise<void> {
  const folder = await mkdtemp("run-");
  try {
    await mkdir(join(folder, "checkpoints"));
    const events: ComputeEvent[] = [];
    const context: JobContext = {
      engine: await startEngine(),
      control: new JobControl(),
      photos: {
        weights: drawPhotos(2, 0),
        architecture: drawPhotos(2, 10),
        training: drawPhotos(2, 20),
        validation: drawPhotos(1, 30),
      },
      emit: (event) => void events.push(event),
      show: () => undefined,
      settle: async () => undefined,
    };
    process.stdout.write(`${JSON.stringify(await script({ context, events, folder }))}\n`);
  } finally {
    await rm(folder, { recursive: true });
  }
}

function drawPhotos(count: number, first: number): NamedPhoto[] {
  const [width, height] = [26, 24];
  return Array.from({ length: count }, (_, index) => {
    const data = Float32Array.from(
      { length: width * height },
      (_pixel, i) => 0.5 + 0.4 * Math.sin((index + first) * i),
    );
    return { name: `photo-${first + index}`, clean: { width, height, channels: 1, data } };
  });
}
