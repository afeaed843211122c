import type { Lab } from "#shared/api/lab.ts";

import type { Uploads } from "./uploads.ts";

/**
 * Returns the lab with uploads that end with what they were sent for: once no remembered task has an uploaded photo, or
 * none could be started, it is removed and its room is free again.
 */
export function freeEndedUploads(lab: Lab, uploads: Uploads): Lab {
  const filesOf = new Map<string, readonly string[]>();
  const removeUnheld = async (files: readonly string[]): Promise<void> => {
    const held = new Set([...filesOf.values()].flat());
    await uploads.remove(files.filter((file) => !held.has(file)));
  };
  const sweep = async (): Promise<void> => {
    const remembered = new Set((await lab.listTasks()).map(({ id }) => id));
    const ended = [...filesOf].filter(([task]) => !remembered.has(task));
    for (const [task] of ended) filesOf.delete(task);
    await removeUnheld(ended.flatMap(([, files]) => files));
  };
  return {
    ...lab,
    startDenoise: async (request) => {
      const files = request.inputs.filter((input) => typeof input === "string");
      try {
        const task = await lab.startDenoise(request);
        filesOf.set(task.id, files);
        // Beside this one, the oldest tasks are forgotten by and by.
        await sweep();
        return task;
      } catch (error) {
        await removeUnheld(files);
        throw error;
      }
    },
    dismissTask: async (id) => {
      await lab.dismissTask(id);
      await sweep();
    },
  };
}
