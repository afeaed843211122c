import type { EventOf, RunState } from "#shared/runs/runEvent.ts";
import { formatInteger, formatPsnr, formatSsim } from "#renderer/format/numbers.ts";
import { inWords } from "#renderer/lab/inWords.ts";
import { texts } from "#renderer/texts/texts.ts";

import type { RunHistory } from "./runHistory.ts";

type Line = EventOf<"log">;
type Turn = RunHistory["turns"][number];

const BEFORE_RUNNING: ReadonlySet<RunState> = new Set(["queued", "preparing"]);

/** Lines stay the same objects, so that a list of them keeps its elements. */
const known = new WeakMap<object, Line>();

/**
 * Lists what a run said, and between that, by time, what happened to it: that it began, each validation that was the best so far, its
 * pauses, from where it went on, and how it ended.
 */
export function listMilestones({
  log,
  validations,
  turns,
  startMs,
  steps,
}: Pick<RunHistory, "log" | "validations" | "turns" | "startMs" | "steps">): readonly Line[] {
  const words = texts.cockpit.milestones;
  const began = startMs === null ? [] : [lineOf(steps, new Date(startMs).toISOString(), "info", words.began)];
  const bests = validations
    .filter(({ isBest }) => isBest)
    .map((event) => {
      const { step, time, validation } = event;
      const best = words.best(formatPsnr(validation.psnrDb), formatSsim(validation.ssim), formatInteger(step));
      return lineOf(event, time, "info", best);
    });
  const told = pickTold(turns).map((turn) => lineOf(turn, turn.time, levelOf(turn), describeTurn(turn)));
  return [...began, ...log, ...bests, ...told].toSorted((a, b) => a.time.localeCompare(b.time));
}

/** That a run waits and begins to run for the first time is told by its beginning. */
function pickTold(turns: RunHistory["turns"]): readonly Turn[] {
  const first = turns.find((turn) => turn.type === "state" && turn.state === "running");
  return turns.filter((turn) => turn !== first && !(turn.type === "state" && BEFORE_RUNNING.has(turn.state)));
}

function lineOf(source: object, time: string, level: Line["level"], message: string): Line {
  const line = known.get(source) ?? { type: "log", time, level, message };
  known.set(source, line);
  return line;
}

function levelOf(turn: Turn): Line["level"] {
  if (turn.type === "resumed") return "info";
  if (turn.state === "failed") return "error";
  return turn.state === "interrupted" ? "warning" : "info";
}

function describeTurn(turn: Turn): string {
  if (turn.type === "resumed") return texts.cockpit.milestones.wentOn(formatInteger(turn.step));
  const name = texts.runStates[turn.state];
  return turn.reason === undefined ? name : `${name}: ${inWords(turn.reason)}`;
}
