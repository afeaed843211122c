import type { DemoPreset } from "#shared/api/home.ts";

import type { LabContext } from "#main/lab/labContext.ts";
import { useTaskCompute } from "#main/lab/tasks/taskCompute.ts";

/** Chooses the demo's size by the engine that really runs, which is installed first where none is there. Throws LabError. */
export async function chooseDemoPreset(context: LabContext): Promise<DemoPreset> {
  return useTaskCompute(context, null, {}, async (lease) => {
    const compute = await lease.getCompute();
    const { backend } = await compute.describeEngine();
    // The demo's first job is a run, which has a process of its own.
    await lease.restart();
    return backend === "tensorflow" ? "demo" : "demo-cpu";
  });
}
