import { sep } from "node:path";

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
  // Sessions of a server that was ended have photos here too.
  const found = findHeld(lab, uploads).then(async (held) => {
    for (const [task, files] of held) filesOf.set(task, files);
    await uploads.keep([...held.values()].flat());
    await uploads.sweep();
  });
  found.catch(() => undefined); // told by who asks next
  return {
    ...lab,
    startDenoise: async (request) => {
      await found;
      const files = request.inputs.filter((input) => typeof input === "string");
      try {
        const task = await lab.startDenoise(request);
        filesOf.set(task.id, files);
        if (request.output.kind === "look") await uploads.keep(files);
        // Beside this one, the oldest tasks are forgotten by and by.
        await sweep();
        return task;
      } catch (error) {
        await removeUnheld(files);
        throw error;
      }
    },
    dismissTask: async (id) => {
      await found;
      await lab.dismissTask(id);
      await sweep();
    },
  };
}

const PAGE_SIZE = 500;

/** Lists the uploads that remembered sessions have, by task. */
async function findHeld(lab: Lab, { folder }: Uploads): Promise<ReadonlyMap<string, readonly string[]>> {
  const held = new Map<string, readonly string[]>();
  for (const { id, kind } of await lab.listTasks()) {
    if (kind !== "denoise") continue;
    const files = new Set<string>();
    for (let offset = 0; ; offset += PAGE_SIZE) {
      const { total, items } = await lab.listDenoiseItems({ task: id, offset, limit: PAGE_SIZE });
      for (const { source } of items) if (source.startsWith(`${folder}${sep}`)) files.add(source);
      if (offset + items.length >= total || items.length === 0) break;
    }
    if (files.size > 0) held.set(id, [...files]);
  }
  return held;
}
