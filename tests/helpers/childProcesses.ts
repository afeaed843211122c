import { execFile } from "node:child_process";
import { promisify } from "node:util";

/** Finds the children of a process whose command holds a text, by the system's own list. Not for Windows. */
export async function findChildren(parent: number, text: string): Promise<readonly number[]> {
  const { stdout } = await promisify(execFile)("ps", ["-A", "-ww", "-o", "pid=", "-o", "ppid=", "-o", "args="]);
  return stdout
    .split("\n")
    .map((line) => /^\s*(?<pid>\d+)\s+(?<ppid>\d+)\s+(?<command>.*)$/.exec(line)?.groups)
    .filter((groups) => Number(groups?.["ppid"]) === parent && groups?.["command"]?.includes(text) === true)
    .map((groups) => Number(groups?.["pid"]));
}
