import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";

import { findPhotos } from "#main/lab/datasets/datasetSource.ts";
import { withWorkFiles, type WorkFolder } from "#main/lab/tasks/workFolder.ts";
import {
  type AskedJob,
  type Executor,
  type ExecutorAnswer,
  type FolderNews,
  type Job,
  nameJob,
  type StagedRun,
} from "#main/lab/executors/executor.ts";
import { DATA_FOLDERS } from "#main/lab/runs/runAlone.ts";
import type { SiteProfile } from "#shared/runs/siteProfile.ts";

import { createPlainCarrier } from "./plainProcess.ts";
import { createSlurmCarrier } from "./slurm.ts";
import { type Carrier, dataRootAt, JOB_SCRIPT, runFolderAt } from "./siteJob.ts";
import { openSiteShell, type SiteShell } from "./siteShell.ts";

/** What a run's folder here has that is nobody's business there, and the reverse. */
const STAYS = ["/handover.json", "/label.json", "/evaluations", "/data", ".*"];
const STAYS_THERE = [...STAYS, "/config.yaml", "/resolved.json", "/control.json", "/events.jsonl", "/submitted-*"];
/** What one poll brings of one run's events; the next one brings the rest. */
export const MOST_BYTES = 4_000_000;

/** Opens the executor of a site. */
export function openSiteExecutor(site: string, profile: SiteProfile, work: Pick<WorkFolder, "newFile">): Executor {
  const shell = openSiteShell(site, profile);
  const carrier = createCarrier(profile);
  return {
    stage: async (job, { folder, dataset }) => {
      await stageData(shell, profile, dataset, work);
      await shell.run(`mkdir -p ${runFolderAt(profile, job)}`);
      await writeFile(join(folder, JOB_SCRIPT), carrier.renderScript(job));
      await shell.push(folder, runFolderAt(profile, job), { exclude: STAYS });
    },
    submit: async (job) => {
      const answer = await shell.run(renderSubmit(carrier, profile, job));
      return answer.trim() === "" ? null : carrier.readJobId(answer);
    },
    poll: async (jobs) => readAnswer(carrier, await shell.run(renderPoll(carrier, profile, jobs))),
    cancel: async (job, force) => {
      const order = JSON.stringify({ want: "stop", at: new Date().toISOString() });
      const write = `printf '%s' '${order}' > ${runFolderAt(profile, job)}/control.json`;
      await shell.run(`${force ? "true" : write}; ${carrier.cancelCommand(job, force)}`);
    },
    fetch: (job, folder, isOver) =>
      shell.pull(runFolderAt(profile, job), folder, {
        exclude: isOver ? STAYS_THERE : [...STAYS_THERE, "/checkpoints"],
      }),
  };
}

/** Chooses how a site's jobs are carried. */
export function createCarrier(profile: SiteProfile): Carrier {
  return profile.kind === "slurm" ? createSlurmCarrier(profile) : createPlainCarrier(profile);
}

/** A data set goes there once, under its fingerprint; the node computes that again before it uses the photos. */
async function stageData(
  shell: SiteShell,
  profile: SiteProfile,
  dataset: StagedRun["dataset"],
  work: Pick<WorkFolder, "newFile">,
): Promise<void> {
  if (dataset.folder === null) return;
  const root = `${dataRootAt(profile)}/${dataset.fingerprint}`;
  const there = await shell.run(
    `mkdir -p ${root}/${DATA_FOLDERS.clean} ${root}/${DATA_FOLDERS.noisy}; test -e ${root}.whole && echo whole; true`,
  );
  if (there.trim() === "whole") return;
  const { scan } = await findPhotos(dataset);
  const pushFiles = async (from: string, to: string, files: readonly string[]): Promise<void> =>
    withWorkFiles(work, [".txt"], async ([list]) => {
      await writeFile(list, files.map((file) => `${file.slice(from.length + 1)}\n`).join(""));
      await shell.push(from, to, { filesFrom: list });
    });
  const files = scan.photos.flatMap(({ source }) => (source.kind === "file" ? [source] : []));
  await pushFiles(
    dataset.folder,
    `${root}/${DATA_FOLDERS.clean}`,
    files.map(({ cleanFile }) => cleanFile),
  );
  if (dataset.noisyFolder !== null) {
    const noisy = files.flatMap(({ noisyFile }) => noisyFile ?? []);
    await pushFiles(dataset.noisyFolder, `${root}/${DATA_FOLDERS.noisy}`, noisy);
  }
  await shell.run(`touch ${root}.whole`);
}

/**
 * Whoever makes the folder submits, and nobody else ever: a line that is lost at whatever moment leaves the id in it, or a job
 * that is found by its name. What Slurm refuses may be tried again.
 */
function renderSubmit(carrier: Carrier, profile: SiteProfile, job: Job): string {
  const folder = runFolderAt(profile, job);
  const mark = `${folder}/submitted-${job.attempt}`;
  return [
    `if mkdir ${mark} 2>/dev/null; then`,
    `if ( ${carrier.submitCommand(job)} ) > ${mark}/new; then mv ${mark}/new ${mark}/id; else rm -r ${mark}; exit 1; fi`,
    `fi; cat ${mark}/id 2>/dev/null; true`,
  ].join("\n");
}

const FOLDER_MARK = "@folder";

function renderPoll(carrier: Carrier, profile: SiteProfile, jobs: readonly AskedJob[]): string {
  const encode = "| base64 | tr -d '\\n'";
  const looks = jobs.map((job) => {
    const folder = runFolderAt(profile, job);
    const events = `tail -c +${job.eventBytes + 1} ${folder}/events.jsonl 2>/dev/null | head -c ${MOST_BYTES} ${encode}`;
    return `echo "${FOLDER_MARK} ${nameJob(job)} $(cat ${folder}/status.json 2>/dev/null ${encode})|$(${events})"`;
  });
  return [carrier.pollCommand(jobs), ...looks].join("\n");
}

function readAnswer(carrier: Carrier, answer: string): ExecutorAnswer {
  const lines = answer.split("\n");
  const folders = new Map<string, FolderNews>();
  for (const line of lines.filter((each) => each.startsWith(`${FOLDER_MARK} `))) {
    const [, name = "", content = ""] = line.split(" ");
    const [status = "", events = ""] = content.split("|");
    folders.set(name, {
      events: Buffer.from(events, "base64"),
      status: status === "" ? null : Buffer.from(status, "base64").toString("utf8"),
    });
  }
  const said = lines.filter((line) => !line.startsWith(`${FOLDER_MARK} `)).join("\n");
  return { ...carrier.readPoll(said), folders };
}

/** Reads the last thing that a job's log says; null where there is none. */
export async function readLastLine(file: string): Promise<string | null> {
  const text = await readFile(file, "utf8").catch(() => "");
  return text.trim().split("\n").at(-1)?.trim() || null;
}
