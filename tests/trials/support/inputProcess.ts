import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, readFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";

/** How the lab is given a file: as a part of this program, by a window in a browser, or by the command line, in a process of its own too. */
export type InputWay = "lab" | "window" | "command" | "process";

/** A file that the lab is given. */
export interface InputQuestion {
  readonly kind: "photo" | "model" | "genotype" | "settings" | "card" | "database";
  readonly file: string;
  readonly by: InputWay;
}

/** What the lab did with it; `died` and `hung` are the process's, not the lab's. */
export interface InputAnswer {
  readonly outcome: "taken" | "refused" | "failed" | "died" | "hung" | "too much memory";
  readonly said: string;
  /** Files that were left half-written. */
  readonly halves: readonly string[];
}

/** Where the good files lie that are damaged. */
export interface GoodFiles {
  readonly checkpoint: string;
  readonly onnx: string | null;
  readonly database: string;
  readonly good: string;
}

/** A lab in a process of its own. */
export interface InputProcess {
  readonly files: GoodFiles;
  /** Gives the lab an input; a process that hangs or takes too much is killed. */
  give(question: InputQuestion): Promise<InputAnswer>;
  isAlive(): boolean;
  end(): Promise<void>;
}

export interface Limits {
  readonly timeMs: number;
  readonly memoryMb: number;
}

/** Starts the process over a folder, which may be one of an earlier process. */
export async function startInputProcess(folder: string, worker: string, limits: Limits): Promise<InputProcess> {
  const temporary = join(folder, "tmp");
  await mkdir(temporary, { recursive: true });
  const child = spawn(process.execPath, [resolve("tests/trials/support/inputChild.ts"), folder, worker], {
    stdio: ["pipe", "pipe", "pipe"],
    env: { ...process.env, TMPDIR: temporary },
  });
  let said = "";
  let isAlive = true;
  child.stderr.on("data", (chunk: Buffer) => (said = (said + chunk.toString()).slice(-3000)));
  child.stdin.on("error", () => undefined);
  const closed = once(child, "close").then(([code, signal]) => {
    isAlive = false;
    return `${String(code ?? signal)}: ${said.trim().slice(-600)}`;
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const readLine = async (): Promise<string | null> => {
    const next = await Promise.race([lines.next(), closed.then(() => null)]);
    return next === null || next.done === true ? null : next.value;
  };
  const first = await readLine();
  if (first === null) throw new Error(`the lab did not start: ${await closed}`);
  return {
    files: JSON.parse(first) as GoodFiles,
    isAlive: () => isAlive,
    give: async (question) => {
      const watch = watchProcess(child.pid ?? 0, limits);
      child.stdin.write(`${JSON.stringify(question)}\n`);
      const line = await Promise.race([readLine(), watch.broken]);
      watch.stop();
      if (line === "hung" || line === "too much memory") {
        child.kill("SIGKILL");
        await closed;
        return { outcome: line, said: "", halves: [] };
      }
      return line === null ? { outcome: "died", said: await closed, halves: [] } : (JSON.parse(line) as InputAnswer);
    },
    end: async () => {
      child.stdin.end();
      const grace = sleep(20_000, undefined, { ref: false }).then(() => child.kill("SIGKILL"));
      await Promise.race([closed, grace]);
      await closed;
    },
  };
}

/** Resolves where a process takes too long or too much. Memory is known on Linux only. */
function watchProcess(pid: number, { timeMs, memoryMb }: Limits) {
  let isOver = false;
  const look = async (): Promise<"hung" | "too much memory"> => {
    const end = performance.now() + timeMs;
    while (performance.now() < end && !isOver) {
      if ((await readResidentMb(pid)) > memoryMb) return "too much memory";
      await sleep(100);
    }
    return "hung";
  };
  const stop = (): void => {
    isOver = true;
  };
  return { broken: look(), stop };
}

/** The memory of its own that a process and all that it started hold: pages of program files are shared and do not count. */
async function readResidentMb(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, "utf8").catch(() => "");
  const own = Number(/RssAnon:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1024; // unknown elsewhere
  const children = await readFile(`/proc/${pid}/task/${pid}/children`, "utf8").catch(() => "");
  const of = children.trim() === "" ? [] : children.trim().split(" ").map(Number);
  return (await Promise.all(of.map(readResidentMb))).reduce((sum, each) => sum + each, own);
}
