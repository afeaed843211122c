import { once } from "node:events";
import { lstat, readFile } from "node:fs/promises";
import { basename, dirname } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

import { createBirpc } from "birpc";
import { WebSocket } from "ws";

import type { LabServer } from "#main/server/serveLab.ts";
import type { LabClient } from "#shared/api/contract.ts";
import type { DenoiseItem } from "#shared/api/denoising.ts";
import { toPicturePath, toUploadPath, uploadAnswerSchema } from "#shared/api/pictures.ts";
import { ACTIVE_TASK_STATES, type Task } from "#shared/api/tasks.ts";
import type { WindowListener } from "#shared/api/updates.ts";
import { decodeMessage, encodeMessage, SOCKET_PATH } from "#shared/api/wire.ts";
import { LabError } from "#shared/labError.ts";

type Place = Pick<LabServer, "port" | "token">;

/** Gives a lab photos as a window in a browser does: by the WebSocket, by uploads, and by addresses of pictures. */
export interface WindowWay {
  readonly client: LabClient;
  /** Returns what was said of the photos beside the good one; throws where the good one was not used. */
  takePhoto(file: string, good: string, model: string): Promise<readonly string[]>;
  close(): void;
}

/** Connects to a served lab. */
export async function openWindow({ port, token }: Place): Promise<WindowWay> {
  const socket = new WebSocket(`ws://127.0.0.1:${port}${SOCKET_PATH}`);
  await once(socket, "open");
  socket.send(JSON.stringify({ token }));
  const listener: WindowListener = { onUpdates: async () => undefined };
  const client = createBirpc<LabClient, WindowListener>(listener, {
    post: (message: string) => socket.send(message),
    on: (receive) => void socket.on("message", (data: Buffer) => receive(data.toString())),
    serialize: encodeMessage,
    deserialize: decodeMessage,
    timeout: -1,
  }) as unknown as LabClient;
  const fetchFrom = (path: string, init?: RequestInit) => fetch(`http://127.0.0.1:${port}${path}`, init);

  /** Looks at each photo of a data set, small and as it is. */
  const look = async (dataset: string): Promise<readonly string[]> => {
    const said: string[] = [];
    const { photos } = await client.listDatasetPhotos({ dataset, offset: 0, limit: 10, validationShare: 0.02 });
    for (const { name, problem } of photos) {
      if (problem !== null) said.push(`${name}: ${problem}`);
      for (const view of [{ maxSidePx: 64 }, {}]) {
        const wish = { kind: "photo", dataset, photo: name, ...view } as const;
        const answer = await fetchFrom(toPicturePath(wish, token));
        const body = await answer.bytes();
        if (answer.status >= 500) throw new Error(`${name}: the picture was answered by ${answer.status}`);
        if (answer.status >= 400) said.push(`${name}: ${Buffer.from(body).toString()}`);
        else if (body.length === 0) throw new Error(`${name}: the picture was empty`);
      }
    }
    return said;
  };

  const upload = async (file: string): Promise<string> => {
    const answer = await fetchFrom(toUploadPath(basename(file), token), { method: "POST", body: await readFile(file) });
    if (answer.status !== 200) throw new LabError("bad_data", `${basename(file)}: ${await answer.text()}`);
    return uploadAnswerSchema.parse(await answer.json()).path;
  };

  const denoise = async (inputs: readonly string[], model: string): Promise<readonly DenoiseItem[]> => {
    const settings = { output: { kind: "look" }, memoryBudgetMb: 512, addNoise: null, noiseSeed: 0 } as const;
    const wish = { models: [model], inputs: [...inputs], ...settings, sigma255: null, selfEnsemble: false };
    const { id } = await waitFor(client, await client.startDenoise(wish));
    const { items } = await client.listDenoiseItems({ task: id, offset: 0, limit: 100 });
    await client.dismissTask(id);
    return items;
  };

  return {
    client,
    takePhoto: async (file, good, model) => {
      const [place, dataset] = [dirname(file), `set-${basename(dirname(file))}`];
      await waitFor(client, await client.importDataset({ folder: place, noisyFolder: null, name: dataset }));
      const report = (await client.listDatasets()).find(({ name }) => name === dataset);
      if (report === undefined || report.photos < 1) throw new Error("the good photo was not used");
      const skipped = report.skipped.map(({ file: each, reason }) => `${each}: ${reason}`);
      const seen = await look(dataset);
      // A browser sends files only, by names that the photos' door takes.
      const isFile = (await lstat(file)).isFile();
      const sent = isFile ? await upload(file) : null;
      const items = await denoise(sent === null ? [good] : [sent, good], model);
      if (!items.some(({ name, state }) => name === basename(good) && state === "done"))
        throw new Error(`the good photo was not denoised: ${JSON.stringify(items.map(({ error }) => error))}`);
      await client.removeDataset(dataset);
      return [
        ...skipped,
        ...seen,
        ...items.flatMap(({ name, error }) => (error === null ? [] : [`${name}: ${error}`])),
      ];
    },
    close: () => socket.terminate(),
  };
}

/** Resolves when a task has ended. Throws what it failed of: LabError, or Error where that was a fault of the program. */
async function waitFor(client: LabClient, started: Task): Promise<Task> {
  for (;;) {
    const task = (await client.listTasks()).find(({ id }) => id === started.id);
    if (task === undefined) throw new Error(`task ${started.id} is gone`);
    if (task.error !== null) {
      const { kind, message } = task.error;
      throw kind === null ? new Error(message) : new LabError(kind, message);
    }
    if (!ACTIVE_TASK_STATES.has(task.state)) return task;
    await sleep(5);
  }
}
