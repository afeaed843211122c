import { writeEventFile } from "#main/export/eventFile.ts";
import type { Lab } from "#shared/api/lab.ts";
import { listRunScalars } from "#shared/runs/runScalars.ts";

import { readRunEvents } from "./runs.ts";

/** Writes a run's figures as an event file of TensorBoard, base64. Throws LabError. */
export async function packEventFile(
  context: Parameters<typeof readRunEvents>[0] & Pick<Lab, "showRun">,
  idOrName: string,
): Promise<string> {
  const { id, createdAt } = await context.showRun(idOrName);
  const scalars = listRunScalars(await readRunEvents(context, id));
  return Buffer.from(writeEventFile(scalars, Date.parse(createdAt))).toString("base64");
}
