import { homedir } from "node:os";
import { join, resolve } from "node:path";

/** The folder for everything the lab keeps: `$HINAS_HOME`, else `hinas-lab` in the platform's folder for application data. */
export function getLabHome(env: NodeJS.ProcessEnv = process.env): string {
  if (env["HINAS_HOME"]) return resolve(env["HINAS_HOME"]);
  if (process.platform === "win32") {
    return join(env["LOCALAPPDATA"] || join(homedir(), "AppData", "Local"), "hinas-lab", "data");
  }
  if (process.platform === "darwin") return join(homedir(), "Library", "Application Support", "hinas-lab");
  return join(env["XDG_DATA_HOME"] || join(homedir(), ".local", "share"), "hinas-lab");
}

/** The folder of the models that come with the program: `$HINAS_MODELS`, else `models` among the program's resources. */
export function getShippedModelsFolder(resourcesFolder: string, env: NodeJS.ProcessEnv = process.env): string {
  return env["HINAS_MODELS"] ? resolve(env["HINAS_MODELS"]) : join(resourcesFolder, "models");
}

/** Where each kind of thing lies inside the lab's home. */
export function getHomePaths(home: string): {
  readonly database: string;
  readonly backups: string;
  readonly datasets: string;
  readonly architectures: string;
  readonly noiseProfiles: string;
  readonly models: string;
  /** Of models with cards; those of runs lie in their folders. */
  readonly evaluations: string;
  /** What was ranked by eye. */
  readonly proofSheets: string;
  /** Photos of data sets that the lab downloaded, and what came of those that were cut. */
  readonly publicSets: string;
  readonly runs: string;
  readonly studies: string;
  /** Profiles of the clusters and computers that runs can go to. */
  readonly sites: string;
  /** Tables of measured latencies, one for each device and engine. */
  readonly latencies: string;
  readonly trash: string;
  /** Results of denoising to look at, and photos that came by a browser for them, until they are dismissed. */
  readonly sessions: string;
  readonly uploads: string;
} {
  return {
    database: join(home, "lab.sqlite"),
    backups: join(home, "backups"),
    datasets: join(home, "datasets"),
    architectures: join(home, "architectures"),
    noiseProfiles: join(home, "noise-profiles"),
    models: join(home, "models"),
    evaluations: join(home, "evaluations"),
    proofSheets: join(home, "proof-sheets"),
    publicSets: join(home, "public-sets"),
    runs: join(home, "runs"),
    studies: join(home, "studies"),
    sites: join(home, "sites"),
    latencies: join(home, "latencies"),
    trash: join(home, "trash"),
    sessions: join(home, "sessions"),
    uploads: join(home, "uploads"),
  };
}
