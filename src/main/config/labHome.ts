import { homedir } from "node:os";
import { join, resolve } from "node:path";

type Env = Readonly<Record<string, string | undefined>>;

/**
 * Finds the folder in which the lab keeps its runs and its store: the one that was asked for, else `HINAS_HOME`, else the
 * place for application data of the operating system (XDG on Linux).
 */
export function findLabHome(asked: string | null, env: Env, platform: NodeJS.Platform): string {
  const named = asked ?? nonEmpty(env["HINAS_HOME"]);
  return named === null ? join(findDataFolder(env, platform), "hinas") : resolve(named);
}

function findDataFolder(env: Env, platform: NodeJS.Platform): string {
  const home = nonEmpty(env["HOME"]) ?? homedir();
  if (platform === "win32") return nonEmpty(env["LOCALAPPDATA"]) ?? join(home, "AppData", "Local");
  if (platform === "darwin") return join(home, "Library", "Application Support");
  return nonEmpty(env["XDG_DATA_HOME"]) ?? join(home, ".local", "share");
}

function nonEmpty(text: string | undefined): string | null {
  return text === undefined || text === "" ? null : text;
}
