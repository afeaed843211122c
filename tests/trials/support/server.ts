import { spawn } from "node:child_process";
import { once } from "node:events";
import { request } from "node:http";
import { resolve } from "node:path";
import { createInterface } from "node:readline";

import { WebSocket } from "ws";

import { SOCKET_PATH } from "#shared/api/wire.ts";

/** A lab that a process of its own serves. */
export interface TriedServer {
  readonly port: number;
  readonly token: string;
  /** Null while it lives, else how it ended. */
  getEnd(): string | null;
  end(): Promise<void>;
}

/** Starts a server over a folder and resolves when it listens. */
export async function startServer(folder: string): Promise<TriedServer> {
  const child = spawn(process.execPath, [resolve("tests/trials/support/serveChild.ts"), folder], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  let end: string | null = null;
  let said = "";
  child.stderr.on("data", (chunk: Buffer) => (said = (said + chunk.toString()).slice(-2000)));
  const closed = once(child, "close").then(([code, signal]) => {
    end = `the server ended with ${String(code ?? signal)}: ${said.trim().slice(-400)}`;
  });
  const line = await Promise.race([once(createInterface({ input: child.stdout }), "line"), closed.then(() => [null])]);
  if (line[0] === null) throw new Error(String(end));
  const { port, token } = JSON.parse(String(line[0])) as { port: number; token: string };
  return {
    port,
    token,
    getEnd: () => end,
    end: async () => {
      child.kill("SIGKILL");
      await closed;
    },
  };
}

/** What was answered to a request of any shape. */
export interface Answer {
  readonly status: number;
  readonly hasSecurityHeaders: boolean;
}

/** Asks and tells the answer; null where the connection was ended without one. */
export function ask(
  port: number,
  { path = "/", method = "GET", headers = {} }: { path?: string; method?: string; headers?: Record<string, string> },
): Promise<Answer | null> {
  return new Promise((resolve_) => {
    const sent = request({ host: "127.0.0.1", port, path, method, headers, agent: false, timeout: 20_000 });
    sent.on("response", (response) => {
      response.resume();
      const hasSecurityHeaders = response.headers["x-content-type-options"] === "nosniff";
      response.on("close", () => resolve_({ status: response.statusCode ?? 0, hasSecurityHeaders }));
    });
    sent.on("timeout", () => sent.destroy());
    sent.on("error", () => resolve_(null));
    sent.end();
  });
}

/** Opens a WebSocket as a page does, greets, and asks the lab one question; true where it is answered in time. */
export function askByWindow(
  port: number,
  token: string,
  headers: Readonly<Record<string, string>> = {},
  timeoutMs = 20_000,
): Promise<boolean> {
  return new Promise((resolve_) => {
    const socket = new WebSocket(`ws://127.0.0.1:${port}${SOCKET_PATH}`, { headers });
    const settle = (isAnswered: boolean): void => {
      clearTimeout(timer);
      socket.terminate();
      resolve_(isAnswered);
    };
    const timer = setTimeout(() => settle(false), timeoutMs);
    socket.on("error", () => settle(false));
    socket.on("close", () => settle(false));
    socket.on("open", () => {
      socket.send(JSON.stringify({ token }));
      socket.send(JSON.stringify({ t: "q", i: "1", m: "listRuns", a: [] }));
    });
    socket.on("message", (data: Buffer) => {
      if (data.toString().includes('"1"')) settle(true);
    });
  });
}
