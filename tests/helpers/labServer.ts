import { once } from "node:events";
import { mkdir, writeFile } from "node:fs/promises";
import { type IncomingMessage, request } from "node:http";
import { join } from "node:path";

import { createBirpc } from "birpc";
import { onTestFinished } from "vitest";
import { WebSocket } from "ws";

import { type LabServer, serveLab, type ServeOptions } from "#main/server/serveLab.ts";
import type { LabClient } from "#shared/api/contract.ts";
import type { Updates, WindowListener } from "#shared/api/updates.ts";
import { decodeMessage, encodeMessage, SOCKET_PATH } from "#shared/api/wire.ts";
import type { RunEvent } from "#shared/runs/runEvent.ts";

import { makeFolder, openLab } from "./labHome.ts";

/** Makes a folder that looks like the built window. */
export async function makeRenderer(): Promise<string> {
  const folder = await makeFolder();
  await mkdir(join(folder, "assets"));
  await writeFile(join(folder, "index.html"), "<title>HiNAS Lab</title>");
  await writeFile(join(folder, "assets", "main-1a2b.js"), "export {};\n");
  return folder;
}

/** Serves a lab with the scripted compute process on a free port; all is closed at the test's end. */
export async function openServer(home: string, options: Partial<ServeOptions> = {}) {
  const { lab, said } = openLab(home);
  const logged: string[] = [];
  const server = await serveLab({
    lab,
    rendererFolder: await makeRenderer(),
    host: "127.0.0.1",
    port: 0,
    log: (line) => logged.push(line),
    ...options,
  });
  onTestFinished(() => server.close());
  return { lab, said, server, logged };
}

/** A window that is connected to a server. */
export interface TestWindow {
  readonly socket: WebSocket;
  readonly lab: LabClient;
  /** Every message with news, in order. */
  readonly updates: readonly Updates[];
  /** What was told of a run so far. */
  newsOf(id: string): readonly RunEvent[];
}

/** Opens the WebSocket as a browser does, and nothing more. */
export function openSocket(
  { port }: Pick<LabServer, "port">,
  headers: Readonly<Record<string, string>> = {},
): WebSocket {
  const socket = new WebSocket(`ws://127.0.0.1:${port}${SOCKET_PATH}`, { headers });
  onTestFinished(() => {
    // Ending one that was refused is an error event of its own.
    socket.on("error", () => undefined);
    socket.terminate();
  });
  return socket;
}

/** Connects a window; `answer` is awaited before each message with news is answered, so a test can be slow. */
export async function connectWindow(
  server: Pick<LabServer, "port" | "token">,
  answer: () => Promise<void> = async () => undefined,
): Promise<TestWindow> {
  const socket = openSocket(server);
  await once(socket, "open");
  socket.send(JSON.stringify({ token: server.token }));
  const updates: Updates[] = [];
  const listener: WindowListener = {
    onUpdates: async (update) => {
      updates.push(update);
      await answer();
    },
  };
  const lab = createBirpc<LabClient, WindowListener>(listener, {
    post: (message: string) => socket.send(message),
    on: (receive) => void socket.on("message", (data: Buffer) => receive(data.toString())),
    serialize: encodeMessage,
    deserialize: decodeMessage,
    timeout: -1,
  });
  const newsOf = (id: string): readonly RunEvent[] =>
    updates.flatMap(({ news }) => news.filter((each) => each.id === id).flatMap(({ events }) => events));
  return { socket, lab: lab as unknown as LabClient, updates, newsOf };
}

/** Asks by a path that no URL parser has touched, with headers that no browser lets a page set. */
export async function ask(port: number, path: string, headers: Record<string, string> = {}, method = "GET") {
  const sent = request({ host: "127.0.0.1", port, path, method, headers });
  sent.end();
  const [response] = (await once(sent, "response")) as [IncomingMessage];
  let body = "";
  for await (const chunk of response) body += String(chunk);
  return { status: response.statusCode, body, headers: response.headers };
}
