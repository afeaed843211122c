import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { tmpdir } from "node:os";
import { resolve } from "node:path";
import { createInterface } from "node:readline";

import { z } from "zod";

const greetingSchema = z.object({ url: z.string(), port: z.int(), token: z.string() });

/** A lab that a process of its own serves, as `hinas serve` does. */
export interface ServeProcess {
  /** What to open in a browser, the token included. */
  readonly url: string;
  readonly port: number;
  readonly token: string;
  /** Of the process itself; its compute process is a child of it. */
  readonly pid: number;
  /** Ends it at once, as a crash or a power cut does. */
  kill(): Promise<void>;
}

/** Starts `hinas serve` on a port, by itself a free one, over a home folder and resolves when it listens. */
export async function startServeProcess(home: string, port = 0): Promise<ServeProcess> {
  const command = [resolve("src/main/cli.ts"), "serve", "--port", String(port), "--photos", tmpdir(), "--json"];
  const child = spawn(process.execPath, command, {
    env: { ...process.env, HINAS_HOME: home },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let talk = "";
  child.stderr.on("data", (chunk: Buffer) => (talk += chunk.toString()));
  const [line] = await Promise.race([
    once(createInterface({ input: child.stdout }), "line"),
    rejectAtEnd(child, () => talk),
  ]);
  return {
    ...greetingSchema.parse(JSON.parse(String(line))),
    pid: child.pid ?? 0,
    kill: async () => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.kill("SIGKILL");
      await once(child, "exit");
    },
  };
}

async function rejectAtEnd(child: ChildProcess, getTalk: () => string): Promise<never> {
  const [code] = (await once(child, "close")) as [number | null];
  throw new Error(`hinas serve ended with ${code} before it listened: ${getTalk()}`);
}
