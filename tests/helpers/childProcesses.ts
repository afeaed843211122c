import { execFile } from "node:child_process";
import { promisify } from "node:util";

/** Finds the processes that a process started, and those that these started, whose command holds a text, by the system's own list. Not for Windows. */
export async function findChildren(parent: number, text: string): Promise<readonly number[]> {
  const all = await listProcesses();
  const family = new Set([parent]);
  // A process has mostly a higher number than the one that started it, but numbers begin anew.
  for (let size = 0; size !== family.size;) {
    size = family.size;
    for (const { pid, ppid } of all) if (family.has(ppid)) family.add(pid);
  }
  family.delete(parent);
  return all.filter(({ pid, command }) => family.has(pid) && command.includes(text)).map(({ pid }) => pid);
}

/** Finds the process that started a process. */
export async function findParent(child: number): Promise<number | null> {
  return (await listProcesses()).find(({ pid }) => pid === child)?.ppid ?? null;
}

/** Tells whether there is a process of this number. */
export function isThere(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

async function listProcesses() {
  const { stdout } = await promisify(execFile)("ps", ["-A", "-ww", "-o", "pid=", "-o", "ppid=", "-o", "args="]);
  return stdout.split("\n").flatMap((line) => {
    const [, pid, ppid, command = ""] = /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(line) ?? [];
    return pid === undefined ? [] : [{ pid: Number(pid), ppid: Number(ppid), command }];
  });
}
