import { Option } from "commander";

import type { Lab } from "#shared/api/lab.ts";
import type { RunSummary } from "#shared/api/runs.ts";

import { EXIT_CODES, type ExitCode } from "./exitCodes.ts";
import type { Session } from "./session.ts";

/** The option by which a run is done elsewhere. */
export function siteOption(): Option {
  return new Option("--on <site>", "let a site do it, and do not wait for it (`hinas sites`)");
}

/** Starts a run at a site, waits until the site has it, or why not, and says so. */
export async function startAt(start: (lab: Lab) => Promise<RunSummary>, session: Session): Promise<ExitCode> {
  const { terminal, json } = session;
  const lab = await session.openLab();
  const { id } = await start(lab);
  terminal.say("Bringing it there ...");
  await lab.fetchRuns();
  const run = await lab.showRun(id);
  if (json) terminal.printJson({ run });
  else terminal.print(`run       ${run.id}`);
  if (run.state === "failed") {
    terminal.warn(`failed: ${run.reason ?? "no reason is known"}`);
    return EXIT_CODES.failed;
  }
  const job = run.place?.jobId ?? null;
  const detail = run.place?.detail ?? null;
  const what = job === null ? "It is not there yet" : `It is job ${job} at ${run.place?.site ?? "the site"}`;
  terminal.say(`${what}${detail === null ? "" : ` (${detail})`}. \`hinas runs fetch\` brings what is new.`);
  return EXIT_CODES.good;
}
