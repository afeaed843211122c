import type { Lab } from "#shared/api/lab.ts";
import type { CellReport, StudySummary } from "#shared/api/studies.ts";

import { EXIT_CODES, EXIT_CODE_OF_SIGNAL, type ExitCode } from "./exitCodes.ts";
import type { Session } from "./session.ts";
import { watchStopSignals } from "./stopSignals.ts";
import { describePlaces } from "./studyPlaces.ts";

/**
 * Starts a study or takes it up and stays with it to its end, with a line on stderr for each cell that begins or ends. The first Ctrl-C
 * pauses the study, which saves a checkpoint; the second ends the process.
 */
export async function followStudy(
  lab: Lab,
  start: () => Promise<StudySummary>,
  { terminal }: Pick<Session, "terminal">,
): Promise<{ readonly study: StudySummary; readonly exitCode: ExitCode }> {
  let id: string | null = null;
  let isElsewhere = false;
  const pausing: Promise<void>[] = [];
  const signals = watchStopSignals(() => {
    terminal.say("Pausing after this step, with a checkpoint; once more ends at once.");
    if (isElsewhere) terminal.say("What sites have goes on there, and is found again when the study is resumed.");
    if (id !== null) pausing.push(lab.pauseStudy(id));
  });
  let stop = (): void => {};
  try {
    const started = await start();
    id = started.id;
    isElsewhere = started.places.some(({ site }) => site !== null);
    const cells = Object.values(started.counts).reduce((sum, count) => sum + count, 0);
    terminal.say(
      `Study ${id} in ${started.folder}: ${cells} cells${isElsewhere ? ` on ${describePlaces(started.places)}` : ""}`,
    );
    stop = tellCells(lab, id, terminal);
    if (signals.received !== null) pausing.push(lab.pauseStudy(id));
    const study = await lab.waitForStudy(id);
    await Promise.all(pausing);
    const { received } = signals;
    if (study.state !== "finished" && received !== null) return { study, exitCode: EXIT_CODE_OF_SIGNAL[received] };
    return { study, exitCode: exitCodeOf(study) };
  } finally {
    stop();
    signals.dispose();
  }
}

/** Says how a study ended and, where it can go on, how. */
export function sayStudyEnd(study: StudySummary, { terminal }: Pick<Session, "terminal">): void {
  const { finished, failed, stopped } = study.counts;
  if (study.state !== "finished") {
    terminal.warn(`${study.state}: ${study.reason ?? "no reason is known"}`);
    terminal.say(`\`hinas studies resume ${study.id}\` goes on from where it is.`);
    return;
  }
  terminal.say(`Finished: ${finished} cells${failed + stopped === 0 ? "" : `; ${failed} failed, ${stopped} stopped`}.`);
  if (failed + stopped > 0) terminal.say(`\`hinas studies show ${study.id}\` says why.`);
}

function exitCodeOf({ state, counts }: StudySummary): ExitCode {
  if (state !== "finished") return EXIT_CODES.interrupted;
  return counts.failed + counts.stopped === 0 ? EXIT_CODES.good : EXIT_CODES.someFailed;
}

/** Says each cell that begins or ends from now on; returns the way to end it. */
function tellCells(lab: Lab, id: string, terminal: Session["terminal"]): () => void {
  const known = new Map<string, CellReport["state"]>();
  const look = async (): Promise<void> => {
    for (const { key, state, reason } of (await lab.showStudy(id)).cells) {
      if (known.get(key) === state) continue;
      const isNew = known.has(key) || state !== "waiting";
      known.set(key, state);
      if (isNew) terminal.say(`${key}: ${state}${reason === null ? "" : `, ${reason}`}`);
    }
  };
  return lab.watch((change) => {
    if (change.kind === "stale" && change.topic === "studies") look().catch(() => undefined);
  });
}
